package graph

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/nnc-lang/nnc/ir"
)

// Colours.
const (
	ink   = "#1f2430"
	red   = "#d64550"
	blue  = "#2f6db5"
	grey  = "#7b8494"
	frame = "#f3f5f9"
)

var fills = [...]struct{ fill, stroke, text string }{
	Data:   {"#ffffff", ink, ink},
	Param:  {red, red, "#ffffff"},
	Op:     {blue, blue, "#ffffff"},
	Result: {"#ffffff", ink, ink},
}

// SVG is the graph as a picture.
func (g *Graph) SVG() []byte {
	l := g.arrange()
	var s strings.Builder
	fmt.Fprintf(&s, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif" font-size="%s">`+"\n",
		px(math.Ceil(l.w)), px(math.Ceil(l.h)), px(math.Ceil(l.w)), px(math.Ceil(l.h)), px(l.style.text))
	fmt.Fprintf(&s, "<title>%s</title>\n", escape(g.Name))
	s.WriteString("<defs>\n")
	for _, m := range []struct{ id, colour string }{{"to", ink}, {"back", grey}} {
		fmt.Fprintf(&s, `<marker id="%s" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.8L8 4L0 7.2Z" fill="%s"/></marker>`+"\n", m.id, m.colour)
	}
	s.WriteString("</defs>\n")
	fmt.Fprintf(&s, `<rect width="100%%" height="100%%" fill="#ffffff"/>`+"\n")
	for k, r := range l.groups {
		fmt.Fprintf(&s, `<rect x="%s" y="%s" width="%s" height="%s" rx="12" fill="%s" stroke="%s" stroke-dasharray="5 4"/>`+"\n", px(r.x), px(r.y), px(r.w), px(r.h), frame, grey)
		fmt.Fprintf(&s, `<text x="%s" y="%s" fill="%s">%s</text>`+"\n", px(r.x+10), px(r.y-6), grey, escape(l.groupsOf[k].Label))
	}
	fmt.Fprintf(&s, `<g fill="none" stroke="%s" stroke-width="1.4">`+"\n", ink)
	l.edges(&s, false)
	s.WriteString("</g>\n")
	if g.backward() {
		fmt.Fprintf(&s, `<g fill="none" stroke="%s" stroke-width="1.3" stroke-dasharray="5 4">`+"\n", grey)
		l.edges(&s, true)
		s.WriteString("</g>\n")
	}
	for _, n := range g.Nodes {
		l.node(&s, l.of[n])
	}
	s.WriteString("</svg>\n")
	return []byte(s.String())
}

func (g *Graph) backward() bool {
	for _, n := range g.Nodes {
		if n.Adjoint {
			return true
		}
	}
	return false
}

// node draws a node with its name, its adjoint, and the shape of what goes out.
func (l *layout) node(s *strings.Builder, v *vertex) {
	n := v.node
	box, adjoint := l.boxes(v)
	c := fills[n.Kind]
	fmt.Fprintf(s, "<g>\n<title>%s</title>\n", escape(n.title()))
	l.box(s, box, n, c.fill, c.stroke, c.text, "", n.Label, n.Value)
	if n.Name != "" {
		fmt.Fprintf(s, `<text x="%s" y="%s" text-anchor="middle" fill="%s">%s</text>`+"\n", px(v.x), px(box.y-4), ink, l.math(n.Name, l.style.name))
	}
	if v.label > 0 {
		fmt.Fprintf(s, `<text x="%s" y="%s" font-size="%s" fill="%s">%s</text>`+"\n", px(box.right()+5), px(v.y-4), px(l.style.small), grey, escape(n.shape))
	}
	if v.adjoint {
		stroke := c.stroke
		l.box(s, adjoint, n, "#ffffff", stroke, stroke, ` stroke-dasharray="4 3"`, n.adjointLabel(), n.Grad)
	}
	s.WriteString("</g>\n")
}

// box draws one box with its text.
func (l *layout) box(s *strings.Builder, r rect, n *Node, fill, stroke, text, dash, label, value string) {
	round := 5.0
	if n.Kind == Op {
		round = l.style.height / 2
	}
	fmt.Fprintf(s, `<rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="%s" stroke="%s" stroke-width="1.4"%s/>`+"\n",
		px(r.x), px(r.y), px(r.w), px(r.h), px(round), fill, stroke, dash)
	y := r.y + l.style.height/2 + 5
	if n.Kind != Op || dash != "" {
		label = l.math(label, l.style.text+1)
	} else {
		label = escape(label)
	}
	fmt.Fprintf(s, `<text x="%s" y="%s" text-anchor="middle" fill="%s">%s</text>`+"\n", px(r.x+r.w/2), px(y), text, label)
	if value != "" {
		fmt.Fprintf(s, `<text x="%s" y="%s" text-anchor="middle" font-size="%s" fill="%s">%s</text>`+"\n", px(r.x+r.w/2), px(y+l.style.line-2), px(l.style.small), text, escape(value))
	}
}

// math sets a name as in a formula: slanted, its last digits lowered.
func (l *layout) math(name string, size float64) string {
	base := strings.TrimRightFunc(name, unicode.IsDigit)
	if base == "" {
		return escape(name)
	}
	t := fmt.Sprintf(`<tspan font-family="'Times New Roman', Times, 'Liberation Serif', serif" font-style="italic" font-size="%s">%s</tspan>`, px(size+1), escape(base))
	if low := name[len(base):]; low != "" {
		t += fmt.Sprintf(`<tspan dy="3" font-size="%s">%s</tspan>`, px(math.Round(size*0.7)), low)
	}
	return t
}

// title is what a reader who points at a node is told: its equation and where
// that stands.
func (n *Node) title() string {
	a := n.Array
	switch {
	case n.Kind == Result:
		return n.Label
	case n.Kind != Op:
		return a.Name + ": " + a.Elem.String() + n.shape
	}
	var lines []string
	for _, m := range n.Inside() {
		lines = append(lines, ir.Equate(m.Array))
	}
	if at := a.Pos.String(); at != "" {
		lines = append(lines, at[strings.LastIndexByte(at, '/')+1:])
	}
	return strings.Join(lines, "\n")
}

// px prints a length with at most one digit behind the point.
func px(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

func escape(s string) string {
	var b strings.Builder
	if xml.EscapeText(&b, []byte(s)) != nil {
		return ""
	}
	return b.String()
}
