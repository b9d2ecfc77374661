package nnc

import (
	"strings"
	"testing"
)

const fitSource = `
dtype f64
model Net(x: [D]) -> z: [2] { param w: [D, 2] = 0;  param body: Dense[2] * 3;  z = x @ w |> body }
loss Fit(net: Net, x: [N, D], y: [N] in 3, on: bool[N], k: real) = k * mean(net(x)) + sum[n] (if on[n] and y[n] > 1 then 1 else 0)
loss Sum(net: frozen Net, x: [N, D]) = sum(net(x))
fn Pick(x: [N], i: int) -> r { r = x[0] ?? 0 }
`

// dense is the object of one layer Dense[2] on 2 inputs.
const dense = `{"W":[[1,0],[0,1]],"b":[0,0]}`

// fitInput is right; cases change a piece of it.
const fitInput = `{"args": {
	"net": {"w": [[1, 2], [3, 4], [5, 6]], "body": [` + dense + `,` + dense + `,` + dense + `]},
	"x": [[1, 2, 3], [4, 5, 6]], "y": [0, 2], "on": [true, false], "k": 2}}`

// TestEvalInputErrors states, for each mistake in an input, the one line that
// must name its place.
func TestEvalInputErrors(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`{"args"`, `{"arg"`, `arg is unknown; did you mean args?`},
		{`{"args"`, `{"seed": 1, "seed": 2, "args"`, `input:1:19: the key seed stands twice`},
		{`"k": 2`, `"k": 2, "k": 3`, `the key args.k stands twice`},
		{`"k": 2`, `"kk": 2`, `args.kk is unknown; there is net, x, y, on, k`},
		{`, "k": 2`, ``, `args.k is missing: k: real`},
		{`"k": 2`, `"k": [2]`, `args.k is a list, needed is a number`},
		{`"k": 2`, `"k": "two"`, `args.k is the string "two", not a number, "NaN", "Inf" or "-Inf"`},
		{`"k": 2`, `"k": null`, `args.k is null, not a number`},
		{`"k": 2`, `"k": 1e999`, `args.k = 1e999 is too large for f64`},
		{`"k": 2`, `"k": NaN`, `JSON has no such number; write "NaN", "Inf" or "-Inf"`},
		{`"k": 2`, `"k": 2,`, `input:`},
		{`"k": 2}}`, `"k": 2}`, `input ends in the middle of a JSON value`},
		{`"k": 2}}`, `"k": 2}} {}`, `something follows the JSON object`},
		{`[0, 2]`, `[0, 3]`, `args.y[1] = 3 is not in 0..2`},
		{`[0, 2]`, `[-1, 2]`, `args.y[0] = -1 is not in 0..2`},
		{`[0, 2]`, `[0, 1.5]`, `args.y[1] = 1.5 is not an integer`},
		{`[0, 2]`, `[0, "NaN"]`, `args.y[1] is the string "NaN", not an integer`},
		{`[0, 2]`, `[0, true]`, `args.y[1] is true, not an integer`},
		{`[0, 2]`, `[0, 1, 2]`, `args.y is [3], needed is [N] with N = 2 (from args.x)`},
		{`[0, 2]`, `0`, `args.y is 0, needed is [N]`},
		{`[true, false]`, `[1, false]`, `args.on[0] is 1, not true or false`},
		{`[4, 5, 6]`, `[4, 5]`, `args.x[1] has 2 elements, its neighbours have 3`},
		{`[4, 5, 6]`, `[4, [5], 6]`, `args.x[1][1] is a list, not a number`},
		{`[4, 5, 6]`, `4`, `args.x[1] is 4, not a list of 3`},
		{`[[1, 2, 3], [4, 5, 6]]`, `[1, 2]`, `args.x has 1 axis, [N, D] has 2`},
		{`[[1, 2, 3], [4, 5, 6]]`, `[[[1, 2]]]`, `args.x has more than 2 axes, [N, D] has 2`},
		{`[[1, 2, 3], [4, 5, 6]]`, `[[1, 2], [3, 4]]`, `args.x is [2, 2], needed is [N, D] with D = 3 (from args.net.w), N = 2 (from args.x)`},
		{`"w": [[1, 2], [3, 4], [5, 6]], `, ``, `args.net.w is missing: [D, 2]`},
		{`"w": [[1, 2], [3, 4], [5, 6]], `, `"w": [[1, 2], [3, 4], [5, 6]], "v": 1, `, `args.net.v is unknown; there is w, body`},
		{`, ` + dense + `]`, `]`, `args.net.body has 2 elements, needed are 3 (Dense * 3)`},
		{`"body": [`, `"body": [{"W":[[1]]},`, `args.net.body has 4 elements, needed are 3 (Dense * 3)`},
		{`"W":[[1,0],[0,1]]`, `"V":[[1,0],[0,1]]`, `args.net.body[0].V is unknown; there is W, b`},
		{`"W":[[1,0],[0,1]]`, `"W":[[1,0]]`, `args.net.body[0].W is [1, 2], needed is [2, 2]`},
		{`{"args"`, `{"dims": {"N": 3}, "args"`, `args.x is [2, 3], needed is [N, D] with D = 3 (from args.net.w), N = 3 (from dims)`},
		{`{"args"`, `{"dims": {"M": 3}, "args"`, `dims.M is unknown; `},
		{`{"args"`, `{"dims": {"N": -3}, "args"`, `dims.N is -3, not a size`},
		{`{"args"`, `{"wrt": ["y"], "args"`, `wrt: y holds ints, which have no derivative`},
		{`{"args"`, `{"wrt": ["z"], "args"`, `wrt: z is unknown; `},
		{`{"args"`, `{"wrt": "x", "args"`, `wrt is the string "x", not a list of argument names`},
		{`{"args"`, `{"seed": -1, "args"`, `seed is -1, not an integer from 0 to 2^64-1`},
		{`{"args"`, `{"train": 1, "args"`, `train is 1, not true or false`},
		{`{"args"`, `{"tangents": {"y": [1, 1]}, "args"`, `tangents.y: y holds ints, which have no derivative`},
		{`{"args"`, `{"params": {}, "args"`, `params is for a model; the parameters of Fit stand in args`},
		{fitInput, `[]`, `input is a list, not an object`},
		{fitInput, "{\"args\": \xff}", `input is not UTF-8`},
		{fitInput, strings.Repeat(`{"args":`, 200), `more than 100 levels of nesting`},
	} {
		input := strings.Replace(strings.ReplaceAll(fitInput, "},{", "}, {"), c.old, c.new, 1)
		if c.old == fitInput {
			input = c.new
		}
		_, err := Eval(Case{File: "fit.nn", Source: []byte(fitSource), Entry: "Fit.grad", Input: []byte(input)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n for %s:\n got %v\nwant %s", c.old, c.new, err, c.want)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%q is more than a line", err)
		}
	}
	if _, err := Eval(Case{File: "fit.nn", Source: []byte(fitSource), Entry: "Fit.grad", Input: []byte(fitInput)}); err != nil {
		t.Errorf("the input that all others are made from: %v", err)
	}
}

// TestEvalEntryErrors states what is said of an entry that cannot be.
func TestEvalEntryErrors(t *testing.T) {
	model := `{"params": {"w": [[1, 2]], "body": [` + dense + `,` + dense + `,` + dense + `]}, "args": {"x": [[1], [2]]}`
	for _, c := range []struct{ entry, input, want string }{
		{"Fti", `{}`, `Fti is unknown; did you mean Fit?`},
		{"Fit.gard", `{}`, `Fit.gard is unknown; did you mean grad?`},
		{"Net.grad", model + "}", `grad needs one real number, Net has the result z for each of [2]; see Net.vjp and Net.jacobian`},
		{"Net.hessian", strings.Replace(model, "[[1], [2]]", "[1]", 1) + "}", `hessian needs one real number, Net has the result z: [2]; see Net.vjp`},
		{"Net.vjp", model + "}", `cotangents is missing: weights on the result z, shaped like it`},
		{"Net.vjp", model + `, "cotangents": [1, 2]}`, `cotangents has 1 axis, `},
		{"Net.vjp", model + `, "cotangents": [[1, 2], [3]]}`, `cotangents[1] has 1 element, its neighbours have 2`},
		{"Net.jvp", model + `, "tangents": {"x": [[1]]}}`, `is mapped over [2], tangents.x over [1]`},
		{"Net.jvp", model + `, "tangents": {"params": {"v": 1}}}`, `tangents.params.v is unknown`},
		{"Net", strings.Replace(model, `"params"`, `"parms"`, 1) + "}", `parms is unknown; did you mean params?`},
		{"Net.init", `{}`, `[D, 2]: dims, or an argument, must say how large`},
		{"Net.init", `{"args": {"x": [[1]]}, "dims": {"D": 2}}`, `args.x is [1, 1], needed is [1, D]`},
		{"Net.grad", strings.Replace(model, "[[1], [2]]", "[1]", 1) + `, "wrt": []}`, `wrt names nothing to differentiate by`},
		{"Pick.grad", `{"args": {"x": [1, 2], "i": 1}, "wrt": ["i"]}`, `wrt: i holds ints`},
		{"Pick.init", `{}`, `Pick has no parameters`},
	} {
		_, err := Eval(Case{File: "fit.nn", Source: []byte(fitSource), Entry: c.entry, Input: []byte(c.input)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s:\n got %v\nwant %s", c.entry, c.input, err, c.want)
		}
	}
}

// TestTangentsOfNothing differentiates along the parameters of a model that
// has none.
func TestTangentsOfNothing(t *testing.T) {
	out, err := Eval(Case{File: "m.nn", Source: []byte("model M(x: [2]) -> y: [2] = 2 * x"), Entry: "M.jvp",
		Input: []byte(`{"args": {"x": [1, 2]}, "tangents": {"x": [1, 0], "params": {}}}`)})
	if want := `{"value":[2,4],"jvp":[2,0]}`; err != nil || strings.TrimSpace(string(out)) != want {
		t.Errorf("%v %s, want %s", err, out, want)
	}
}
