package pass

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
	"github.com/rogpeppe/go-internal/txtar"
)

// TestSpecialValues: what simplify makes of a formula is finite exactly where
// the formula is, for inputs among which are NaN, infinities and zeros.
func TestSpecialValues(t *testing.T) {
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 1, -2}
	for _, name := range []string{"simplify", "reductions", "integers", "crossentropy"} {
		ar, err := txtar.ParseFile("testdata/" + name + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		p, err := ir.Parse(string(ar.Files[0].Data))
		if err != nil {
			t.Fatal(err)
		}
		q := p.Clone()
		if err := Run(q, Simplify); err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(50) {
			env := randomEnv(p, seed)
			rng := rand.New(rand.NewPCG(seed, 3))
			for _, a := range p.Inputs {
				for i := range env.Inputs[a].Data {
					if a.Elem == ir.Real && rng.IntN(6) == 0 {
						env.Inputs[a].Data[i] = special[rng.IntN(len(special))]
					}
				}
			}
			want, err := interp.Run(p, env)
			if err != nil {
				t.Fatal(err)
			}
			got, err := interp.Run(q, env)
			if err != nil {
				t.Fatal(err)
			}
			for o, w := range want {
				for i, x := range w.Data {
					if y := got[o].Data[i]; odd(x) != odd(y) {
						t.Fatalf("%s: %s[%d] was %v and is %v:\n%s\n%s", name, o, i, x, y, lineOf(p, o), lineOf(q, o))
					}
				}
			}
		}
	}
}

func odd(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }

func lineOf(p *ir.Program, output string) string {
	return strings.TrimSpace(ir.Equate(p.Output(output)))
}
