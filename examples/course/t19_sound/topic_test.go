package sound

import (
	"math"
	"testing"

	"github.com/nnc-lang/nnc/examples/course/course"
	sets "github.com/nnc-lang/nnc/examples/course/data"
)

// Fewer sounds to learn from: the network is less sure, and still far ahead.
func TestKnowsWords(t *testing.T) {
	r := course.Test(t, Topic)
	net := r.Figure("test accuracy of the network")
	if !(net > 80) {
		t.Errorf("the network knows %v %% of the words", net)
	}
	for _, key := range []string{"test accuracy of the nearest mean spectrogram", "test accuracy of the nearest mean spectrum"} {
		if a := r.Figure(key); !(a < net-8) {
			t.Errorf("%s is %v %%, that of the network %v %%", key, a, net)
		}
	}
}

// A spectrogram that does not show where the formants of “i” are would be no
// test of anything.
func TestHear(t *testing.T) {
	x := newEar().hear(speak("i", 0, sets.NewRand(3)))
	f := average(x)
	mel := func(f float64) int { return int(B * math.Log1p(f/700) / math.Log1p(rate/2/700.)) }
	low, gap, high := f[mel(270)], f[mel(1100)], f[mel(2300)]
	if !(low > 2*gap && high > 2*gap) {
		t.Errorf("“i” is heard as %.3f at 270 Hz, %.3f at 1100 Hz, %.3f at 2300 Hz", low, gap, high)
	}
}
