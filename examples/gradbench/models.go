package main

import (
	"fmt"
	"slices"
)

type gmmInput struct {
	Alpha []float64 `json:"alpha"`
	Mu    matrix    `json:"mu"`
	Q     matrix    `json:"q"`
	L     matrix    `json:"l"`
	X     matrix    `json:"x"`
	Gamma float64   `json:"gamma"`
	M     int32     `json:"m"`
}

type gmmOutput struct {
	Alpha []float64 `json:"alpha"`
	Mu    matrix    `json:"mu"`
	Q     matrix    `json:"q"`
	L     matrix    `json:"l"`
}

func (in *gmmInput) gmm() (*GMM, GMMBatch) {
	return NewGMM(GMMDims{K: in.Mu.rows, D: in.Mu.cols, N: in.X.rows}),
		GMMBatch{Alpha: in.Alpha, Mu: in.Mu.data, Q: in.Q.data, L: in.L.data, X: in.X.data, Gamma: in.Gamma, M: in.M}
}

func gmmValue(in *gmmInput) (call, error) {
	f, b := in.gmm()
	return func() (any, error) { return f.Loss(b) }, nil
}

func gmmGradient(in *gmmInput) (call, error) {
	f, b := in.gmm()
	out := gmmOutput{
		Alpha: make([]float64, len(in.Alpha)),
		Mu:    newMatrix(in.Mu.rows, in.Mu.cols),
		Q:     newMatrix(in.Q.rows, in.Q.cols),
		L:     newMatrix(in.L.rows, in.L.cols),
	}
	return func() (any, error) {
		_, err := f.LossGrad(b, out.Alpha, out.Mu.data, out.Q.data, out.L.data)
		return out, err
	}, nil
}

type kmeansInput struct {
	Points    matrix `json:"points"`
	Centroids matrix `json:"centroids"`
}

func kmeansCost(in *kmeansInput) (call, error) {
	f := NewKMeans(KMeansDims{N: in.Points.rows, D: in.Points.cols, K: in.Centroids.rows})
	b := KMeansBatch{K: in.Centroids.rows, Points: in.Points.data, Centroids: in.Centroids.data}
	return func() (any, error) { return f.Loss(b) }, nil
}

func kmeansDir(in *kmeansInput) (call, error) {
	f := NewKMeansDir(KMeansDirDims{N: in.Points.rows, D: in.Points.cols, K: in.Centroids.rows})
	b := KMeansDirBatch{K: in.Centroids.rows, Points: in.Points.data, Centroids: in.Centroids.data}
	dir := newMatrix(in.Centroids.rows, in.Centroids.cols)
	return func() (any, error) { return dir, f.Value(b, dir.data) }, nil
}

type lstmInput struct {
	Main     matrix `json:"main_params"`
	Extra    matrix `json:"extra_params"`
	State    matrix `json:"state"`
	Sequence matrix `json:"sequence"`
}

// lstm is the loss and its gradient for the number of layers of the input.
func (in *lstmInput) lstm() (value func() (float64, error), gradient func(dmain, dextra []float64) (float64, error), err error) {
	B, T := in.Sequence.cols, in.Sequence.rows
	if T < 2 {
		return nil, nil, fmt.Errorf("lstm: a sequence of %d rows predicts nothing", T)
	}
	switch in.Main.rows {
	case 4:
		f := NewLSTM2(LSTM2Dims{B: B, T: T})
		b := LSTM2Batch{Main: in.Main.data, Extra: in.Extra.data, Memory: in.State.data, Sequence: in.Sequence.data}
		return func() (float64, error) { return f.Loss(b) },
			func(dmain, dextra []float64) (float64, error) { return f.LossGrad(b, dmain, dextra) }, nil
	case 8:
		f := NewLSTM4(LSTM4Dims{B: B, T: T})
		b := LSTM4Batch{Main: in.Main.data, Extra: in.Extra.data, Memory: in.State.data, Sequence: in.Sequence.data}
		return func() (float64, error) { return f.Loss(b) },
			func(dmain, dextra []float64) (float64, error) { return f.LossGrad(b, dmain, dextra) }, nil
	}
	return nil, nil, fmt.Errorf("lstm: compiled for 2 and 4 layers, the input has %d rows of parameters", in.Main.rows)
}

func lstmValue(in *lstmInput) (call, error) {
	value, _, err := in.lstm()
	return func() (any, error) { return value() }, err
}

func lstmGradient(in *lstmInput) (call, error) {
	_, gradient, err := in.lstm()
	flat := slices.Concat(in.Main.data, in.Extra.data)
	dmain, dextra := flat[:len(in.Main.data)], flat[len(in.Main.data):]
	return func() (any, error) {
		_, err := gradient(dmain, dextra)
		return flat, err
	}, err
}
