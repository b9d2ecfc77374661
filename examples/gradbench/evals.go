package main

import (
	"encoding/json"
	"fmt"
)

// A function of an eval takes its input and makes what is run and timed.
type function func(input json.RawMessage) (call, error)

// A call returns what is to be told; it may be made again and again.
type call func() (any, error)

// evals are the functions of each module.
var evals = map[string]map[string]function{
	"hello":  {"square": with(square), "double": with(double)},
	"lse":    {"primal": with(lseValue), "gradient": with(lseGradient)},
	"llsq":   {"primal": with(llsqValue), "gradient": with(llsqGradient)},
	"gmm":    {"objective": with(gmmValue), "jacobian": with(gmmGradient)},
	"kmeans": {"cost": with(kmeansCost), "dir": with(kmeansDir)},
	"lstm":   {"objective": with(lstmValue), "jacobian": with(lstmGradient)},
	"ode":    {"primal": with(odeValue), "gradient": with(odeGradient)},
	"det":    {"primal": with(detValue), "gradient": with(detGradient)},
}

// with reads the input of a function.
func with[In any](prepare func(in *In) (call, error)) function {
	return func(text json.RawMessage) (call, error) {
		in := new(In)
		if err := json.Unmarshal(text, in); err != nil {
			return nil, err
		}
		return prepare(in)
	}
}

func square(x *float64) (call, error) {
	f := NewSquare()
	return func() (any, error) { return f.Loss(SquareBatch{X: *x}) }, nil
}

func double(x *float64) (call, error) {
	f := NewSquare()
	return func() (any, error) {
		_, dx, err := f.LossGrad(SquareBatch{X: *x})
		return dx, err
	}, nil
}

type lseInput struct {
	X []float64 `json:"x"`
}

func lseValue(in *lseInput) (call, error) {
	f, b := NewLSE(LSEDims{N: len(in.X)}), LSEBatch{X: in.X}
	return func() (any, error) { return f.Loss(b) }, nil
}

func lseGradient(in *lseInput) (call, error) {
	f, b := NewLSE(LSEDims{N: len(in.X)}), LSEBatch{X: in.X}
	dx := make([]float64, len(in.X))
	return func() (any, error) {
		_, err := f.LossGrad(b, dx)
		return dx, err
	}, nil
}

type llsqInput struct {
	X []float64 `json:"x"`
	N int       `json:"n"`
}

func llsqValue(in *llsqInput) (call, error) {
	f, b := NewLLSQ(LLSQDims{M: len(in.X), N: in.N}), LLSQBatch{N: in.N, X: in.X}
	return func() (any, error) { return f.Loss(b) }, nil
}

func llsqGradient(in *llsqInput) (call, error) {
	f, b := NewLLSQ(LLSQDims{M: len(in.X), N: in.N}), LLSQBatch{N: in.N, X: in.X}
	dx := make([]float64, len(in.X))
	return func() (any, error) {
		_, err := f.LossGrad(b, dx)
		return dx, err
	}, nil
}

type odeInput struct {
	X []float64 `json:"x"`
	S int       `json:"s"`
}

func odeValue(in *odeInput) (call, error) {
	f, b := NewODE(ODEDims{N: len(in.X), S: in.S}), ODEBatch{S: in.S, X: in.X}
	y := make([]float64, len(in.X))
	return func() (any, error) { return y, f.Value(b, y) }, nil
}

func odeGradient(in *odeInput) (call, error) {
	f, b := NewODELast(ODELastDims{N: len(in.X), S: in.S}), ODELastBatch{S: in.S, X: in.X}
	dx := make([]float64, len(in.X))
	return func() (any, error) {
		_, err := f.LossGrad(b, dx)
		return dx, err
	}, nil
}

type detInput struct {
	A   []float64 `json:"A"`
	Ell int       `json:"ell"`
}

// det binds the input: 2^ell is the number of sets of columns.
func (in *detInput) det() (*Det, DetBatch, error) {
	if in.Ell < 1 || in.Ell > 20 {
		return nil, DetBatch{}, fmt.Errorf("det: ell = %d is not in 1..20", in.Ell)
	}
	d := DetDims{L: in.Ell, S: 1 << in.Ell}
	return NewDet(d), DetBatch{L: d.L, S: d.S, A: in.A}, nil
}

func detValue(in *detInput) (call, error) {
	f, b, err := in.det()
	return func() (any, error) { return f.Loss(b) }, err
}

func detGradient(in *detInput) (call, error) {
	f, b, err := in.det()
	da := make([]float64, len(in.A))
	return func() (any, error) {
		_, err := f.LossGrad(b, da)
		return da, err
	}, err
}
