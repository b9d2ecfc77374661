// Package dead counts the units of a layer of ReLU that are silent for ever,
// and wakes them.
package dead

import (
	"fmt"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
)

//go:generate go tool nnc compile -simd=off dead.nn

// Topic is number 16 of the course.
var Topic = course.Topic{
	Number: 16, Name: "t16_dead", Title: "ReLU: sparse, and sometimes dead",
	Claim: "Most outputs of a layer of ReLU are 0, which is no harm; but steps that are too large kill units, which then are silent on every example, get a gradient of exactly 0 and never come back. Made leaky, with the same weights, they revive.",
	Run:   run,
}

// The rates of learning: one that is good and one that is far too large.
const good, large = 1, 4

func run(r *course.Run) error {
	set := data.Spirals[float32](900, 3, 0.02, r.Seed)
	first, then := r.Pick(100, 60), r.Pick(300, 150)

	// A network that is trained well.
	well := newReLU(set.N)
	well.model.(*ReLU).Init(r.Seed)
	start := append([]float32(nil), well.model.Flat()...)
	sound, err := well.learn(set, good, first+then, r.Seed)
	if err != nil {
		return err
	}
	// The same weights, with steps that are too large at first. From then on it
	// learns at the good rate, once as it is and once made leaky.
	badly := newReLU(set.N)
	copy(badly.model.Flat(), start)
	killed, err := badly.learn(set, large, first, r.Seed)
	if err != nil {
		return err
	}
	leaky := newLeaky(set.N)
	copy(leaky.model.Flat(), badly.model.Flat())
	stayed, err := badly.learn(set, good, then, r.Seed+1)
	if err != nil {
		return err
	}
	revived, err := leaky.learn(set, good, then, r.Seed+1)
	if err != nil {
		return err
	}

	last := func(s []state) state { return s[len(s)-1] }
	r.Log("small steps: outputs that are 0", 100*last(sound).silent, "%")
	r.Log("small steps: dead units", float64(last(sound).count()), fmt.Sprintf("of %d", H))
	r.Log("small steps: accuracy", 100*last(sound).accuracy, "%")
	r.Log("large steps: dead units", float64(last(killed).count()), fmt.Sprintf("of %d", H))
	r.Log("large steps: outputs that are 0", 100*last(killed).silent, "%")
	r.Log("of these, dead after small steps", float64(still(last(killed), last(stayed))), "")
	r.Log("the same, made leaky", float64(still(last(killed), last(revived))), "")
	r.Log("accuracy then, ReLU", 100*last(stayed).accuracy, "%")
	r.Log("accuracy then, leaky", 100*last(revived).accuracy, "%")

	slope, err := deadSlope(badly, set)
	if err != nil {
		return err
	}
	r.Log("greatest gradient of a weight of a dead unit", slope, "")
	if err := draw(r, sound, append(killed, stayed[1:]...), revived, first); err != nil {
		return err
	}
	return drawRegions(r, set, badly, leaky)
}

// still counts the units that are dead before and after.
func still(before, after state) (n int) {
	for h, d := range before.dead {
		if d && after.dead[h] {
			n++
		}
	}
	return n
}

// deadSlope is the greatest |dl/dw| of the weights into dead units, over all
// examples at once.
func deadSlope(n *net, set *data.Set[float32]) (float64, error) {
	s, err := n.look(set)
	if err != nil {
		return 0, err
	}
	if _, err := n.step(set.X, set.Y); err != nil {
		return 0, err
	}
	worst := float32(0)
	for h, dead := range s.dead {
		if dead {
			dw, db := n.slopes[0], n.slopes[1]
			for _, g := range []float32{dw[h], dw[H+h], db[h]} {
				worst = max(worst, g, -g)
			}
		}
	}
	return float64(worst), nil
}
