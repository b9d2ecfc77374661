package main

import "testing"

func TestTrain(t *testing.T) {
	var first, last float32
	accuracy, err := train(15, 1, func(epoch int, loss, _ float32) {
		if epoch == 0 {
			first = loss
		}
		last = loss
	})
	if err != nil {
		t.Fatal(err)
	}
	if accuracy < 0.95 || last > first/4 {
		t.Errorf("after 15 epochs the accuracy is %.3f (want 0.95), the loss fell from %.3f to %.3f", accuracy, first, last)
	}
}

func TestLossGradAllocatesNothing(t *testing.T) {
	net, grad := NewNet(), NewNet()
	net.Init(1)
	fit := NewFit(FitDims{N: 32})
	b := FitBatch{X: make([]float32, 32*D), Y: make([]int32, 32)}
	if n := testing.AllocsPerRun(10, func() {
		if _, err := fit.LossGrad(net, b, grad); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("LossGrad allocates %v times", n)
	}
}
