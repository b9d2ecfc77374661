// Package alvinn drives a simulated road by camera, as ALVINN did in 1989.
package alvinn

import (
	"math"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
)

//go:generate go tool nnc compile -simd=off alvinn.nn

// Topic is number 11 of the course.
var Topic = course.Topic{
	Number: 11, Name: "t11_alvinn", Title: "ALVINN: a network that drives",
	Claim: "A network of 5 hidden and 30 steering units, shown camera images of 30 × 32 and what a driver does there, keeps a car on a curved road that it has not seen, in changing light, for the whole run.",
	Run:   run,
}

func run(r *course.Run) error {
	rng := data.NewRand(r.Seed)
	images, angles := lesson(r.Pick(6000, 1200), rng)
	net, losses, err := learn(r, images, angles)
	if err != nil {
		return err
	}
	r.Log("images learnt from", float64(len(angles)), "")
	if err := examine(r, net); err != nil {
		return err
	}

	way := newRoad(rng)
	end := float64(r.Pick(5000, 1000))
	trip, err := drive(way, end, r.Seed+1, byNet(net))
	if err != nil {
		return err
	}
	report(r, "", trip)
	straight, err := drive(way, end, r.Seed+1, func(*moment) error { return nil })
	if err != nil {
		return err
	}
	r.Log("driven without steering", straight[len(straight)-1].car.s, "m")
	if r.Quick {
		return nil // the film takes as long as all the rest
	}
	if err := saw(r, net); err != nil {
		return err
	}
	if err := drawTrip(r, losses, trip, way); err != nil {
		return err
	}
	return film(r, trip[:min(len(trip), 480)], way)
}

// report notes how a drive went.
func report(r *course.Run, who string, trip []moment) {
	square, furthest, missed := 0.0, 0.0, 0.0
	for _, m := range trip {
		square += m.car.off * m.car.off
		furthest = max(furthest, math.Abs(m.car.off))
		missed += math.Abs(degrees(m.angle) - degrees(m.taught))
	}
	n := float64(len(trip))
	r.Log(who+"driven", trip[len(trip)-1].car.s, "m")
	r.Log(who+"furthest from the middle", furthest, "m")
	r.Log(who+"wheels reach the edge at", halfRoad-halfCar, "m")
	r.Log(who+"distance from the middle, root mean square", math.Sqrt(square/n), "m")
	r.Log(who+"steering error on the way, mean", missed/n, "degrees")
}

// examine notes the steering error on new images from everywhere.
func examine(r *course.Run, net *Alvinn) error {
	const n = 1000
	images, angles := lesson(n, data.NewRand(r.Seed+100))
	hidden, units, got := make([]float32, n*Hidden), make([]float32, n*S), make([]float32, n)
	if err := NewAlvinnEval(n).Forward(net, images, hidden, units, got); err != nil {
		return err
	}
	missed, idle := 0.0, 0.0
	for i := range got {
		want := degrees(float64(angles[i]))
		missed += math.Abs(degrees(float64(got[i])) - want)
		idle += math.Abs(want)
	}
	r.Log("steering error on 1000 new images, mean", missed/n, "degrees")
	r.Log("mean of what the driver turns there", idle/n, "degrees")
	return nil
}
