package codegen

import (
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/ir"
)

// A loop along rows is printed as it is, and as a method for parts of it that
// processors share where the rows are long:
//
//	if N <= rt.RowPart {
//		rt.Tanhs(y, x)
//	} else {
//		e.forward = netEvalForward{x: x, y: y}
//		e.forward.loop = (*netEvalForward).y2
//		rt.ShareRow(&e.forward, N, 9, e.slots)
//		e.forward = netEvalForward{}
//	}

// strip is a loop over no more elements than a part has.
type strip struct {
	l    *plan.Loop
	room *ir.Expr // for what is on its way
	part bool     // it is a part, which has elements, and not all of the loop
}

// is reports whether a loop is over a part.
func (s strip) is(l *plan.Loop) bool { return s.part && s.l == l }

// Where a method tells what it is called with, and forgets it.
const (
	telling = "\x00tell\n"
	forgets = "\x00forget\n"
)

func (b *body) sharedRow(l *plan.Loop, name string) {
	room := b.b.Call(ir.Min, l.Hi, b.b.Int(plan.RowPart))
	short := l.Hi.Kind != ir.KConst
	if short {
		b.line("if %s <= %s {", b.expr(l.Hi, binary["<="]), b.rt("RowPart"))
		done := b.push()
		b.strip = strip{l, room, false}
		b.hoist(l)
		b.plain(l)
		done()
		for _, a := range b.plan.In(l) {
			delete(b.arr, a)
		}
		b.line("} else {")
	}
	b.aside(func() {
		loops := b.loops
		p := b.portion(l)
		b.strip = strip{p, room, true}
		b.value(p.Hi, "n")
		b.hoist(p)
		b.plain(p)
		b.loops = loops
		b.sharedMethod(name, nil, sweep(b.w.String()), nil)
	})
	b.strip = strip{}
	b.w.WriteString(telling)
	b.shareCall("ShareRow", l, name)
	b.w.WriteString(forgets)
	if short {
		b.line("}")
	}
}

// told is the text of a method with what it is called with told at its top, or where
// rows are long.
func told(text, tell, forget string, atTop bool) string {
	if atTop {
		text = tell + text + forget
		tell, forget = "", ""
	}
	return strings.NewReplacer(telling, tell, forgets, forget).Replace(text)
}
