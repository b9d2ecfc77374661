package images

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/mnist/source"
	"github.com/nnc-lang/nnc/runtime/train"
)

func draw(r *course.Run, net *LeNet, test source.Set, epochs []train.Epoch) error {
	var n, wrong, loss []float64
	for _, e := range epochs {
		n = append(n, float64(e.N))
		wrong = append(wrong, 100*(1-e.Get("accuracy")))
		loss = append(loss, e.Loss)
	}
	errors := course.NewChart("Errors on the test digits", "epoch", "read wrong, %").YRange(0, slices.Max(wrong)*1.1)
	errors.Line("", n, wrong, course.Colour(course.Vermilion))
	errors.Points("wrong", n, wrong, course.Colour(course.Vermilion))
	errors.Horizontal("claimed", 1.2, course.Dashed, course.Colour(course.Grey))
	losses := course.NewChart("Training loss", "epoch", "cross-entropy, nats").LogY()
	losses.Line("", n, loss, course.Colour(course.Blue))
	losses.Points("", n, loss, course.Colour(course.Blue))
	if err := r.Save("epochs.svg", "What the network reads wrong after each epoch, and the mean loss of the epoch's steps.", course.Row(errors, losses)); err != nil {
		return err
	}
	if err := r.Save("kernels.png", "The six kernels of the first convolution: edges and strokes in several directions; vermilion weights are above 0, blue ones below.", kernels(net)); err != nil {
		return err
	}
	mistakes, err := mistakes(net, test, 24)
	if err != nil {
		return err
	}
	return r.Save("mistakes.png", "The test digits read wrong with the greatest confidence, as “label → reading”.", mistakes)
}

// kernels are the weights of the first layer, vermilion above and blue below 0.
func kernels(net *LeNet) *course.Images {
	s := &course.Images{Title: "First convolution", W: 5, H: 5, Cols: 6, Map: course.Diverging, Scale: 16}
	for k := range 6 {
		v := make([]float64, 25)
		top := 0.0
		for i := range v {
			v[i] = float64(net.Conv1.K[25*k+i])
			top = max(top, v[i], -v[i])
		}
		for i := range v {
			v[i] /= top
		}
		s.Values = append(s.Values, v)
	}
	s.Lo, s.Hi = -1, 1
	return s
}

// mistakes are the n images read wrong that got the highest probability.
func mistakes(net *LeNet, test source.Set, n int) (*course.Images, error) {
	p := make([]float32, test.N*source.K)
	const size = 500
	eval := NewLeNetEval(size)
	for at := 0; at < test.N; at += size {
		end := min(at+size, test.N)
		if err := eval.Forward(net, test.Images[at*source.D:end*source.D], p[at*source.K:end*source.K]); err != nil {
			return nil, err
		}
	}
	type mistake struct {
		i    int
		read int
		p    float32
	}
	var all []mistake
	for i := range test.N {
		read := 0
		row := p[i*source.K:][:source.K]
		for k, v := range row {
			if v > row[read] {
				read = k
			}
		}
		if int32(read) != test.Labels[i] {
			all = append(all, mistake{i, read, row[read]})
		}
	}
	slices.SortFunc(all, func(a, b mistake) int { return cmp.Compare(b.p, a.p) })
	s := &course.Images{Title: "Most confident mistakes", W: source.Side, H: source.Side, Cols: 8, Lo: 0, Hi: 1}
	for _, m := range all[:min(n, len(all))] {
		v := make([]float64, source.D)
		for j, x := range test.Images[m.i*source.D:][:source.D] {
			v[j] = float64(x)
		}
		s.Values = append(s.Values, v)
		s.Labels = append(s.Labels, fmt.Sprintf("%d → %d", test.Labels[m.i], m.read))
	}
	return s, nil
}
