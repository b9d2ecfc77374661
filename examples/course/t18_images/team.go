package images

import (
	"sync"

	"github.com/nnc-lang/nnc/examples/mnist/source"
	"github.com/nnc-lang/nnc/runtime/data"
)

// team computes the gradient of a batch in goroutines: each takes a part of the
// batch with a workspace of its own, while the parameters are shared.
type team []*member

type member struct {
	fit  *Fit
	grad *LeNet
	x    []float32
	y    []int32
	loss float32
	err  error
}

func newTeam(n, size int) team {
	part := (size + n - 1) / n
	t := make(team, n)
	for i := range t {
		t[i] = &member{
			fit: NewFit(FitDims{N: part}), grad: NewLeNet(),
			x: make([]float32, part*source.D), y: make([]int32, part),
		}
	}
	return t
}

// gradient sets grad to the gradient of the mean loss over the rows and returns
// that loss.
func (t team) gradient(net *LeNet, s source.Set, rows []int, grad *LeNet) (loss float32, err error) {
	var wait sync.WaitGroup
	cut := func(i int) []int { return rows[i*len(rows)/len(t) : (i+1)*len(rows)/len(t)] }
	for i, m := range t {
		wait.Go(func() {
			if part := cut(i); len(part) > 0 {
				m.loss, m.err = m.fit.LossGrad(net, FitBatch{
					X: data.Gather(m.x, s.Images, part, source.D),
					Y: data.Gather(m.y, s.Labels, part, 1),
				}, m.grad)
			}
		})
	}
	wait.Wait()
	sum := grad.Flat()
	clear(sum)
	for i, m := range t {
		share := float32(len(cut(i))) / float32(len(rows))
		if share == 0 {
			continue
		}
		if m.err != nil {
			return 0, m.err
		}
		loss += share * m.loss
		for k, g := range m.grad.Flat() {
			sum[k] += share * g
		}
	}
	return loss, nil
}
