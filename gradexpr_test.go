package nnc

import "testing"

// TestGradOfSaturated: a derivative inside an expression is that of the stable
// form. Taken of 1/(1 + exp(-z)) it would be 0 times Inf far out.
func TestGradOfSaturated(t *testing.T) {
	src := `dtype f64
fn slope(z: real) = grad[z] sigmoid(z)
fn Slope(z: [N]) -> d: [N] = slope(z)
fn rise(z: real) = grad[z] softplus(z)
fn Rise(z: [N]) -> d: [N] = rise(z)
fn fall(z: real) = grad[z] logsigmoid(z)
fn Fall(z: [N]) -> d: [N] = fall(z)
`
	for entry, want := range map[string]string{
		"Slope": `{"value":[0,0.25,0]}`,
		"Rise":  `{"value":[0,0.5,1]}`,
		"Fall":  `{"value":[1,0.5,0]}`,
	} {
		got, err := Eval(Case{File: "s.nn", Source: []byte(src), Entry: entry, Input: []byte(`{"args":{"z":[-800,0,800]}}`)})
		if err != nil || string(got) != want && string(got) != want+"\n" {
			t.Errorf("%s is %s %v, want %s", entry, got, err, want)
		}
	}
}
