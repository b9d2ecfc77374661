// Package text learns to write from one book, by an LSTM and by a transformer.
package text

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"
)

//go:generate go tool nnc compile -simd=off text.nn

// Topic is number 20 of the course.
var Topic = course.Topic{
	Number: 20, Name: "t20_text", Title: "Text: an LSTM and a transformer write on",
	Claim: "Trained for a minute on the first nine tenths of Genesis, both an LSTM and a small transformer predict the rest, character by character, in fewer bits than any model that counts n-grams, up to six characters.",
	Run:   run,
}

const prompt = "And God said"

// result is what one network has come to.
type result struct {
	steps, loss  []float64 // of training, smoothed
	tested, held []float64 // of the test text
	sample       string
	err          error
}

func run(r *course.Run) error {
	c, err := load()
	if err != nil {
		return err
	}
	n := r.Pick(32, 4)
	models := []*model{recurrent(n, r.Seed), transformer(n, r.Seed)}
	steps := []int{r.Pick(2400, 200), r.Pick(1500, 400)}
	results := make([]result, len(models))
	var wait sync.WaitGroup
	for i, m := range models {
		wait.Go(func() { results[i] = study(r, m, c, n, steps[i]) })
	}
	orders := []int{1, 2, 3, 4, 5, 6}[:r.Pick(6, 3)]
	names := []string{"unigram", "bigram", "trigram", "4-gram", "5-gram", "6-gram"}
	gram := make([]float64, len(orders))
	for i, k := range orders {
		gram[i] = count(c.train, k).bits(c.test)
	}
	wait.Wait()
	labels, bits := names[:len(orders)], gram
	for i, m := range models {
		if results[i].err != nil {
			return results[i].err
		}
		last := results[i].held[len(results[i].held)-1]
		labels, bits = append(labels, m.name), append(bits, last)
		r.Log(m.name, last, "bits a character")
	}
	for i, name := range names[:len(orders)] {
		r.Log(name, gram[i], "bits a character")
	}
	for _, m := range models {
		r.Log("parameters of the "+m.name, float64(len(m.model.Flat())), "")
	}
	r.Log("characters of training text", float64(len(c.train)), "")
	var rows [][]string
	for i, m := range models {
		rows = append(rows, []string{m.name, strings.ReplaceAll(results[i].sample, "\n", " / ")})
	}
	r.Table(fmt.Sprintf("What the networks write after “%s”, a slash for a new verse", prompt), []string{"", "sample"}, rows)

	learning := course.NewChart("Learning", "step", "bits a character").YRange(1.5, 5)
	for i, m := range models {
		learning.Line(m.name+", training", results[i].steps, results[i].loss, course.Colour(i), course.Thin)
		learning.Points(m.name+", test", results[i].tested, results[i].held, course.Colour(i))
	}
	for i, name := range names[1:len(orders)] {
		if i == 0 || i == 1 || i == 3 { // bigram, trigram, and the best
			learning.Horizontal(name, gram[i+1], []course.Option{course.Dashed, course.Dotted, nil, course.Thin}[i], course.Colour(course.Grey))
		}
	}
	all := course.NewChart("The test text", "", "bits a character")
	all.Bars("", labels, bits)
	all.W = 6
	return r.Save("bits.svg", "Bits that the networks and the n-gram models need for a character of the last tenth of the book.", course.Row(learning, all))
}

// study trains m, measures it now and then, and lets it write. Every place of the
// text is where an example begins: the steps are not a whole epoch of these.
func study(r *course.Run, m *model, c *corpus, n, steps int) (out result) {
	rnd := sets.NewRand(r.Seed)
	now, next := make([]int32, n*span), make([]int32, n*span)
	mean := 0.0
	loop := train.Loop[float32]{
		Model: m.model, Grad: m.grad, Optimizer: optim.NewAdam[float32](len(m.model.Flat()), 1),
		Schedule: optim.Warmup(r.Pick(40, 8), optim.Cosine(m.rate, m.rate/30, steps)), Clip: 1,
		Rows: data.All(len(c.train) - span), Size: n, Epochs: 1, Seed: r.Seed,
		Step: func(b train.Batch) (float32, error) { return m.learn(c.train, b.Rows, now, next) },
		OnStep: func(b train.Batch, nats float32) error {
			bits, done := float64(nats)/math.Ln2, b.Step+1
			if mean += 0.05 * (bits - mean); b.Step == 0 {
				mean = bits
			}
			if done%10 == 0 {
				r.At("%s, step %d of %d: %.2f bits", m.name, done, steps, mean)
				out.steps, out.loss = append(out.steps, float64(done)), append(out.loss, mean)
			}
			if done < steps && (r.Quick || done%100 != 0) {
				return nil
			}
			text := c.test
			if r.Quick {
				text = text[:6000]
			}
			held, err := m.bits(text, n)
			out.tested, out.held = append(out.tested, float64(done)), append(out.held, held)
			if err == nil && done == steps {
				err = train.ErrStop
			}
			return err
		},
	}
	if _, err := loop.Run(context.Background()); err != nil {
		out.err = fmt.Errorf("%s: %w", m.name, err)
		return out
	}
	ids, err := m.sample(c.encode(prompt), r.Pick(400, 20), 0.7, rnd)
	out.sample, out.err = c.decode(ids), err
	return out
}
