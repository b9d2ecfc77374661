package pass

import (
	"fmt"

	"github.com/nnc-lang/nnc/ir"
)

// A Pass changes a program in place.
type Pass struct {
	Name string
	Doc  string
	Run  func(*ir.Program) error
}

// The passes.
var (
	Inline    = Pass{"inline", "substitute a definition where it is read, where that computes nothing twice", inline}
	Stabilise = Pass{"stabilise", "write formulas in forms that neither overflow nor cancel", stabilise}
	Simplify  = Pass{"simplify", "the same values by fewer operations", simplify}
	Split     = Pass{"split", "give each nested reduction an array of its own, over just the indices it depends on", split}
	CSE       = Pass{"cse", "compute equal things once", cse}
	Expand    = Pass{"expand", "replace functions with derivatives of their own by their values, and stabilise what derivatives brought; only after differentiation", expand}
	Shift     = Pass{"shift", "take logsumexp apart where a softmax or a loss undoes it", shift}
	Share     = Pass{"share", "store exponentials, roots and the like that several definitions need", share}
	Early     = Pass{"early", "compute results that nothing reads right behind what they read", early}
	Prune     = Pass{"prune", "drop what no output depends on", prune}
)

// Passes lists all passes, in the order of their first use.
var Passes = []Pass{Inline, Stabilise, Simplify, Split, CSE, Expand, Shift, Share, Early, Prune}

// Before is the recommended order for a program that will be differentiated
// or emitted.
//
//   - Inline first: a rule sees only one body, so log(p[n]) must meet
//     p[n] = exp(…)/… in it.
//   - Stabilise before Simplify: its rules are written for formulas as people
//     write them, and it may leave double negations behind.
//   - Twice: a body that got small enough can be inlined in turn.
//   - Split last and before differentiation: then a derivative reads the
//     stored pre-activation or logsumexp instead of computing it again.
var Before = []Pass{Inline, Stabilise, Simplify, Inline, Stabilise, Simplify, Split, CSE, Prune}

// After is the recommended order for the result of differentiation.
//
//   - Expand first: derivatives are taken, so only the values matter.
//   - Simplify before CSE: equal things look equal only in normal form.
//   - CSE before Inline: a body that two definitions share must be found
//     while it is still a body.
//   - A second round, since a constant that was inlined folds.
//   - Split once more for the reductions that derivatives nest.
var After = []Pass{Expand, Simplify, CSE, Inline, Simplify, CSE, Inline, Simplify, Split, CSE, Prune}

// Emit is the recommended order for what follows After in a program that will
// be computed. Its results are no longer what a person would write.
//
//   - Shift before Share, which then finds the exponential that a softmax and
//     its sum have in common.
//   - Prune between them, so that nothing is stored for a logsumexp that
//     nobody reads any more.
//   - Early last: it asks which results nothing reads.
var Emit = []Pass{Shift, Prune, Share, Prune, Early}

// Run applies passes in order and verifies the program after each.
func Run(p *ir.Program, passes ...Pass) error {
	for _, pass := range passes {
		if err := pass.Run(p); err != nil {
			return fmt.Errorf("pass %s: %w", pass.Name, err)
		}
		if err := ir.Verify(p); err != nil {
			return fmt.Errorf("after pass %s: %w", pass.Name, err)
		}
	}
	return nil
}

func prune(p *ir.Program) error {
	p.Prune()
	return nil
}
