package nnc

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

// TestPassesOff switches every pass off in turn: it must make no difference to
// the numbers, beyond rounding, in value and gradient.
func TestPassesOff(t *testing.T) {
	for _, c := range numeric {
		eval := func(off ...string) any {
			out, err := Eval(Case{File: "x.nn", Source: []byte("dtype f64\n" + c.source), Entry: c.entry + ".grad", Input: []byte(c.input), Options: Options{Off: off}})
			if err != nil {
				t.Fatalf("%s without %v: %v", c.name, off, err)
			}
			var v any
			if err := json.Unmarshal(out, &v); err != nil {
				t.Fatal(err)
			}
			return v
		}
		want := flatten(eval())
		for _, p := range Pipeline {
			if p.Required {
				continue
			}
			got := flatten(eval(p.Name))
			if len(got) != len(want) {
				t.Fatalf("%s without %s: %v, not %v", c.name, p.Name, got, want)
			}
			for k := range got {
				if !close(got[k], want[k], 1e-12) {
					t.Errorf("%s without %s: number %d is %v, not %v", c.name, p.Name, k, got[k], want[k])
				}
			}
		}
	}
}

func flatten(v any) (out []float64) {
	switch v := v.(type) {
	case float64:
		return []float64{v}
	case []any:
		for _, x := range v {
			out = append(out, flatten(x)...)
		}
	case map[string]any:
		for _, n := range sortedKeys(v) {
			out = append(out, flatten(v[n])...)
		}
	}
	return out
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
