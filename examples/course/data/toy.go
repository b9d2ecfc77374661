package data

import (
	"math"
	"math/rand/v2"

	rt "github.com/nnc-lang/nnc/runtime"
)

// NewRand returns the source of random numbers that belongs to a seed.
func NewRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x6e6e63)) }

// plane makes a set of n points of the plane, the classes in turn.
func plane[T rt.Float](n int, classes []string, point func(n, class int) (x, y float64)) *Set[T] {
	s := &Set[T]{N: n, D: 2, Columns: []string{"x", "y"}, Classes: classes}
	for i := range n {
		class := i % len(classes)
		x, y := point(i, class)
		s.X = append(s.X, T(x), T(y))
		s.Y = append(s.Y, int32(class))
	}
	return s
}

// Moons returns n points of two half circles of radius 1 that reach into each
// other, moved by normal noise of the given deviation.
func Moons[T rt.Float](n int, noise float64, seed uint64) *Set[T] {
	r := NewRand(seed)
	return plane[T](n, []string{"upper", "lower"}, func(_, class int) (float64, float64) {
		sin, cos := math.Sincos(math.Pi * r.Float64())
		x, y := cos, sin
		if class == 1 {
			x, y = 1-cos, 0.5-sin
		}
		return x + noise*r.NormFloat64(), y + noise*r.NormFloat64()
	})
}

// Rings returns n points of two circles around 0, of radius 0.5 and 1.
func Rings[T rt.Float](n int, noise float64, seed uint64) *Set[T] {
	r := NewRand(seed)
	return plane[T](n, []string{"inner", "outer"}, func(_, class int) (float64, float64) {
		sin, cos := math.Sincos(2 * math.Pi * r.Float64())
		radius := 0.5 * float64(class+1)
		return radius*cos + noise*r.NormFloat64(), radius*sin + noise*r.NormFloat64()
	})
}

// Spirals returns n points of arms that wind once around 0, one arm a class,
// each inside the unit circle but for the noise.
func Spirals[T rt.Float](n, arms int, noise float64, seed uint64) *Set[T] {
	r := NewRand(seed)
	names := []string{"first", "second", "third", "fourth", "fifth"}[:arms]
	return plane[T](n, names, func(_, class int) (float64, float64) {
		radius := 0.05 + 0.95*r.Float64()
		sin, cos := math.Sincos(2 * math.Pi * (radius + float64(class)/float64(arms)))
		return radius*cos + noise*r.NormFloat64(), radius*sin + noise*r.NormFloat64()
	})
}

// Blobs returns n points of normal clouds of the given deviation around centres.
func Blobs[T rt.Float](n int, centres [][2]float64, deviation float64, seed uint64) *Set[T] {
	r := NewRand(seed)
	names := []string{"first", "second", "third", "fourth", "fifth", "sixth"}[:len(centres)]
	return plane[T](n, names, func(_, class int) (float64, float64) {
		c := centres[class]
		return c[0] + deviation*r.NormFloat64(), c[1] + deviation*r.NormFloat64()
	})
}
