package outside

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// plain are the spellings of each hard function, of x or of x[0..n]. A
// compiler that knows only one of them has not understood the function.
var plain = map[string][]string{
	"sigmoid":        {"1 / (1 + exp(-x))", "sigmoid(x)", "exp(x) / (1 + exp(x))", "1 - sigmoid(-x)"},
	"softplus":       {"log(1 + exp(x))", "softplus(x)", "log(exp(x) + 1)", "-log(1 - sigmoid(x))"},
	"logsigmoid":     {"log(1 / (1 + exp(-x)))", "log(sigmoid(x))", "-log(1 + exp(-x))"},
	"tanh":           {"tanh(x)"},
	"silu":           {"x / (1 + exp(-x))", "x * sigmoid(x)"},
	"gelu":           {"x * (1 + erf(x / sqrt(2))) / 2", "gelu(x)", "0.5 * x * (1 + erf(x / sqrt(2)))"},
	"elu":            {"if x > 0 then x else exp(x) - 1", "if x > 0 then x else expm1(x)"},
	"expm1":          {"exp(x) - 1", "expm1(x)"},
	"log1p":          {"log(1 + x)", "log1p(x)"},
	"sinh":           {"sinh(x)"},
	"bce_logits_t1":  {"log(1 + exp(-x))", "bce(sigmoid(x), 1)", "-log(sigmoid(x))"},
	"bce_logits_t0":  {"log(1 + exp(x))", "bce(sigmoid(x), 0)", "-log(1 - sigmoid(x))"},
	"logsumexp":      {"log(sum(exp(x)))", "log(sum[i] exp(x[i]))", "logsumexp(x)", "logsumexp[i] x[i]"},
	"l2_norm":        {"sqrt(sum(x^2))", "norm(x)", "sqrt(sum[i] x[i] * x[i])", "sqrt(x @ x)"},
	"variance":       {"mean((x - mean(x))^2)"},
	"mean":           {"mean(x)"},
	"logaddexp_diff": {"x[0] + log(-expm1(x[1] - x[0]))"},
}

// spellings are the texts of a point's function, each of x.
func (p *Point) spellings() ([]string, error) {
	texts := slices.Clone(plain[p.Op])
	if target, ok := strings.CutPrefix(p.Op, "softmax_ce_target"); ok {
		for _, text := range []string{"cross_entropy(softmax(x), t)", "logsumexp(x) - x[t]", "-log(softmax(x)[t])", "-log(exp(x[t]) / sum(exp(x)))"} {
			texts = append(texts, strings.NewReplacer(" t)", " "+target+")", "[t]", "["+target+"]").Replace(text))
		}
	}
	if texts == nil {
		return nil, fmt.Errorf("%s: no text for the operation %s", p.ID, p.Op)
	}
	return texts, nil
}

// Sources are the programs that must meet a point's accuracy, each a loss
// named Hard of x.
func (p *Point) Sources() ([]string, error) {
	texts, err := p.spellings()
	typ := "real"
	if len(p.X) > 1 {
		typ = fmt.Sprintf("[%d]", len(p.X))
	}
	for i, text := range texts {
		texts[i] = "dtype f64\nloss Hard(x: " + typ + ") = " + text + "\n"
	}
	return texts, err
}

// Lifted are the programs that evaluate a scalar function at many points at
// once, a fn named Hard of an array: emitted code may take another way there.
// There is none for functions of several numbers.
func (p *Point) Lifted() ([]string, error) {
	if len(p.X) > 1 {
		return nil, nil
	}
	texts, err := p.spellings()
	for i, text := range texts {
		texts[i] = "dtype f64\nfn hard(x) = " + text + "\nfn Hard(x: [N]) -> y: [N] = hard(x)\n"
	}
	return texts, err
}

// Input is x as the program takes it.
func (p *Point) Input() *Tensor {
	if len(p.X) == 1 {
		return &Tensor{Data: p.X}
	}
	return &Tensor{Shape: []int{len(p.X)}, Data: p.X}
}

// CheckValue says how the value misses the point's budget; "" if it does not.
func (p *Point) CheckValue(got float64) string {
	return within("the value", got, p.Value, p.MaxUlp*ulp(p.Value))
}

// CheckGrad says how the gradient misses the point's budget.
func (p *Point) CheckGrad(got []float64) string {
	if len(got) != len(p.Grad) {
		return fmt.Sprintf("the gradient has %d elements, should have %d", len(got), len(p.Grad))
	}
	for i, g := range got {
		if s := within("element "+strconv.Itoa(i)+" of the gradient", g, p.Grad[i], p.MaxUlp*p.GradUnit); s != "" {
			return s
		}
	}
	return ""
}

func within(what string, got, want, budget float64) string {
	if got == want || math.Abs(got-want) <= budget {
		return ""
	}
	return fmt.Sprintf("%s is %v, should be %v within %.3g: off by %.3g", what, got, want, budget, got-want)
}

// ulp is a unit in the last place of x.
func ulp(x float64) float64 {
	x = math.Abs(x)
	return math.Nextafter(x, math.Inf(1)) - x
}
