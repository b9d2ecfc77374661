package random

import (
	"slices"
	"strings"
)

// Shrink makes a program smaller, one step after the other, as long as it
// fails. It tries no more than limit programs.
func (p *Program) Shrink(limit int, fails func(*Program) bool) *Program {
	best := p
	for again := true; again; {
		again = false
		for k := 0; ; k++ {
			next, more := best.smaller(k)
			if !more {
				break
			}
			if next == nil || next.Source() == best.Source() {
				continue
			}
			if limit--; limit < 0 {
				return best
			}
			if fails(next) {
				best, again = next, true
				k-- // what was k+1 is k now
			}
		}
	}
	return best
}

// smaller is the k-th way to make a program smaller, coarse ones first; nil
// where it does not apply. It says false after the last.
func (p *Program) smaller(k int) (*Program, bool) {
	c := p.clone()
	if k < len(c.terms) {
		c.terms = slices.Delete(c.terms, k, k+1)
		return c, true
	}
	if k -= len(c.terms); k < len(c.body) {
		k = len(c.body) - 1 - k // last first
		gone := c.body[k].names
		c.body = slices.Delete(c.body, k, k+1)
		c.forget(gone)
		return c, true
	}
	if k -= len(p.body); k < len(c.funcs) {
		k = len(c.funcs) - 1 - k
		c.funcs = slices.Delete(c.funcs, k, k+1)
		return c, true
	}
	if k -= len(p.funcs); k < len(c.args) {
		gone := c.args[k].name
		c.args = slices.Delete(c.args, k, k+1)
		c.forget([]string{gone})
		return c, true
	}
	if k -= len(p.args); k < 2*len(c.dims) {
		d := c.dims[k/2]
		if k%2 == 0 {
			if d.size <= 1 {
				return nil, true
			}
			d.size--
			return c, true
		}
		if strings.Contains(c.Source()[strings.Index(c.Source(), d.name)+1:], d.name) {
			return nil, true
		}
		c.dims = slices.Delete(c.dims, k/2, k/2+1)
		return c, true
	}
	k -= 2 * len(p.dims)
	for _, s := range slices.Concat(c.body, c.funcs) {
		if done, left := cut(&s.text, k, true); done {
			return c, true
		} else {
			k = left
		}
	}
	for i := range c.terms {
		if done, left := cut(&c.terms[i], k, false); done {
			return c, true
		} else {
			k = left
		}
	}
	return nil, false
}

// cut is the k-th way to make a tree smaller: a kid or a literal in the place
// of a node. The root of a statement stays.
func cut(at **node, k int, root bool) (bool, int) {
	n := *at
	if !root {
		for _, kid := range n.kids {
			if k == 0 {
				*at = kid
				return true, 0
			}
			k--
		}
		for _, text := range []string{"0.5", "0"} {
			if len(n.kids) == 0 && len(n.parts[0]) <= len(text) {
				continue
			}
			if k == 0 {
				*at = leaf(text)
				return true, 0
			}
			k--
		}
	}
	for i := range n.kids {
		done, left := cut(&n.kids[i], k, false)
		if done {
			return true, 0
		}
		k = left
	}
	return false, k
}

// forget puts a number in the place of reads of what is gone.
func (p *Program) forget(names []string) {
	var visit func(n *node)
	visit = func(n *node) {
		if n.of != "" && slices.Contains(names, n.of) {
			*n = *leaf("0.5")
		}
		for _, k := range n.kids {
			visit(k)
		}
	}
	for _, s := range p.body {
		visit(s.text)
	}
	p.terms = slices.DeleteFunc(p.terms, func(n *node) bool {
		return slices.ContainsFunc(n.kids, func(k *node) bool { return slices.Contains(names, k.of) })
	})
	for _, n := range p.terms {
		visit(n)
	}
}

func (p *Program) clone() *Program {
	c := *p
	c.dims = nil
	for _, d := range p.dims {
		d := *d
		c.dims = append(c.dims, &d)
	}
	c.args, c.terms = slices.Clone(p.args), nil
	for _, n := range p.terms {
		c.terms = append(c.terms, n.clone())
	}
	list := func(in []*stmt) (out []*stmt) {
		for _, s := range in {
			out = append(out, &stmt{s.names, s.text.clone()})
		}
		return out
	}
	c.body, c.funcs = list(p.body), list(p.funcs)
	return &c
}

func (n *node) clone() *node {
	c := &node{parts: n.parts, of: n.of}
	for _, k := range n.kids {
		c.kids = append(c.kids, k.clone())
	}
	return c
}
