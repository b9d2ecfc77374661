package main

import (
	"errors"
	"io"
	"testing"

	"github.com/nnc-lang/nnc/examples/mnist/source"
)

// TestLearn trains on a tenth of MNIST: enough to read nine digits of ten.
func TestLearn(t *testing.T) {
	if testing.Short() {
		t.Skip("12 MB to fetch, 220 MB of memory")
	}
	images, test, err := source.Load("")
	if errors.Is(err, source.ErrDownload) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	const n = 6000
	some := source.Set{Images: images.Images[:n*D], Labels: images.Labels[:n], N: n}
	net, result, err := learn(t.Context(), some, options{epochs: 4, seed: 1, progress: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	const m = 2000
	accuracy, err := NewAccuracy(AccuracyDims{N: m}).Value(net, AccuracyBatch{X: test.Images[:m*D], Y: test.Labels[:m]})
	if err != nil {
		t.Fatal(err)
	}
	if first, last := result.Epochs[0].Loss, result.Epochs[3].Loss; accuracy < 0.9 || last > first/2 {
		t.Errorf("the accuracy is %.3f (want 0.9), the loss fell from %.3f to %.3f", accuracy, first, last)
	}
}
