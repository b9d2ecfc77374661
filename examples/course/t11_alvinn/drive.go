package alvinn

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
	"github.com/nnc-lang/nnc/runtime/optim"
	"github.com/nnc-lang/nnc/runtime/train"

	rt "github.com/nnc-lang/nnc/runtime/data"
)

const pixels = H * W

// lesson is n images from anywhere on and beside the lane of many roads, with
// what the teacher does there: also where a good driver never comes, so that
// the network learns to come back.
func lesson(n int, rng *rand.Rand) (images, angles []float32) {
	images, angles = make([]float32, n*pixels), make([]float32, n)
	for i := range n {
		r := newRoad(rng)
		c := car{s: 1000 * rng.Float64(), off: 1.6 * (2*rng.Float64() - 1), heading: 0.2 * (2*rng.Float64() - 1)}
		photograph(images[i*pixels:][:pixels], c, r, anyLight(rng), rng)
		angles[i] = float32(c.teacher(r))
	}
	return images, angles
}

// learn trains a network and returns it with the loss after each epoch.
func learn(r *course.Run, images, angles []float32) (*Alvinn, []float64, error) {
	const size = 32
	net, grad := NewAlvinn(), NewAlvinn()
	net.Init(r.Seed)
	fit := NewFit(FitDims{N: size})
	x, y := make([]float32, size*pixels), make([]float32, size)
	epochs := r.Pick(60, 80)
	loop := train.Loop[float32]{
		Model: net, Grad: grad, Optimizer: optim.NewAdam[float32](len(net.Flat()), 3e-3),
		Rows: rt.All(len(angles)), Size: size, Epochs: epochs, Seed: r.Seed,
		Step: func(b train.Batch) (float32, error) {
			return fit.LossGrad(net, FitBatch{
				Image: rt.Gather(x, images, b.Rows, pixels),
				Angle: rt.Gather(y, angles, b.Rows, 1),
			}, grad)
		},
		OnEpoch: func(e train.Epoch) error {
			r.At("epoch %d of %d: loss %.4f", e.N, epochs, e.Loss)
			return nil
		},
	}
	result, err := loop.Run(context.Background())
	if err != nil {
		return nil, nil, err
	}
	var losses []float64
	for _, e := range result.Epochs {
		losses = append(losses, e.Loss)
	}
	return net, losses, nil
}

// moment is what happens at one point of a drive.
type moment struct {
	car           car
	image         []float32
	hidden, units []float32
	angle, taught float64
}

// pilot turns what the camera sees into an angle of the wheel.
type pilot func(m *moment) error

// byNet lets the network drive.
func byNet(net *Alvinn) pilot {
	eval := NewAlvinnEval(1)
	return func(m *moment) error {
		m.hidden, m.units = make([]float32, Hidden), make([]float32, S)
		var angle [1]float32
		err := eval.Forward(net, m.image, m.hidden, m.units, angle[:])
		m.angle = float64(angle[0])
		return err
	}
}

// drive lets a pilot drive on a road, a decision every half metre, until the
// end or until a wheel has left the road, and returns all moments.
func drive(r road, end float64, seed uint64, by pilot) ([]moment, error) {
	const distance = 0.5
	rng := data.NewRand(seed)
	c := car{}
	var all []moment
	for {
		// The light goes from bright to dull and back, and so do the shadows.
		l := light{
			gain: 0.9 + 0.35*math.Sin(c.s/60), slope: 0.25 * math.Sin(c.s/90),
			shadows: 0.25 - 0.25*math.Cos(c.s/110), noise: 0.05,
		}
		m := moment{car: c, image: make([]float32, pixels), taught: c.teacher(r)}
		photograph(m.image, c, r, l, rng)
		if err := by(&m); err != nil {
			return nil, err
		}
		all = append(all, m)
		if c.s >= end || math.Abs(c.off) > halfRoad-halfCar {
			return all, nil
		}
		c = c.drive(r, m.angle, distance)
	}
}
