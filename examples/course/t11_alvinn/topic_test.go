package alvinn

import (
	"math"
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
)

func TestDrives(t *testing.T) {
	r := course.Test(t, Topic)
	if d := r.Figure("driven"); !(d >= 1000) {
		t.Errorf("the car left the road after %v m", d)
	}
	if off, edge := r.Figure("furthest from the middle"), r.Figure("wheels reach the edge at"); !(off < edge) {
		t.Errorf("the car came %v m from the middle, its wheels leave the road at %v m", off, edge)
	}
	if e, idle := r.Figure("steering error on 1000 new images, mean"), r.Figure("mean of what the driver turns there"); !(e < idle/3) {
		t.Errorf("the steering error is %v degrees, that of never steering %v", e, idle)
	}
	if d := r.Figure("driven without steering"); d > 200 {
		t.Errorf("the road is too easy: without steering the car stays on it for %v m", d)
	}
}

// The teacher's own eyes are good enough for the road; were they not, the
// network could not learn to stay on it.
func TestTeacher(t *testing.T) {
	way := newRoad(data.NewRand(5))
	trip, err := drive(way, 500, 1, func(m *moment) error { m.angle = m.taught; return nil })
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range trip {
		if math.Abs(m.car.off) > 0.5 {
			t.Fatalf("at %v m the teacher is %v m from the middle", m.car.s, m.car.off)
		}
	}
}
