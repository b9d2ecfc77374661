package main

import (
	"io"
	"testing"
)

func TestLearn(t *testing.T) {
	result, err := learn(t.Context(), 15, 1, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	first, last := result.Epochs[0], result.Epochs[14]
	if a := last.Get("accuracy"); a < 0.95 || last.Loss > first.Loss/4 {
		t.Errorf("after 15 epochs the accuracy is %.3f (want 0.95), the loss fell from %.3f to %.3f", a, first.Loss, last.Loss)
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
