package sound

import (
	"math"
	"math/cmplx"
	"math/rand/v2"

	sets "github.com/nnc-lang/nnc/examples/course/data"
	"gonum.org/v1/gonum/dsp/fourier"
)

const (
	rate   = 8000 // samples a second
	length = 4096 // samples of a sound, half a second
	window = 384  // samples of a frame
	hop    = 128  // from one frame to the next
)

// words are what is spoken: a vowel, two that glide into each other, or one
// said twice. Most differ only in the order of the same sounds.
var words = [K]string{"a", "i", "u", "ai", "ia", "au", "ua", "iu", "ui", "aa"}

// formants are the resonances of the mouth, in Hz, for each vowel (Peterson and
// Barney 1952, men).
var formants = map[byte][3]float64{
	'a': {730, 1090, 2440},
	'i': {270, 2290, 3010},
	'u': {300, 870, 2240},
}

// speak returns a word as some speaker says it: with a pitch, a size of head, a
// speed and an onset of his own. Noise has the given deviation; the voice's is 1.
func speak(word string, noise float64, rnd *rand.Rand) []float64 {
	between := func(lo, hi float64) float64 { return lo + (hi-lo)*rnd.Float64() }
	pitch, glide := between(90, 240), between(-0.25, 0.15)
	head := between(0.85, 1.18)
	last := int(between(0.3, 0.65) * length)
	onset := int(between(0, float64(length-last)))
	sound := make([]float64, length)
	harmonics := make([]complex128, 45)
	for k := range harmonics {
		harmonics[k] = cmplx.Rect(1, 2*math.Pi*rnd.Float64())
	}
	gain := make([]float64, len(harmonics))
	theta, power := 0.0, 0.0
	for t := range last {
		s := float64(t) / float64(last)
		f0 := pitch * (1 + glide*s)
		if t%32 == 0 {
			resonate(gain, word, s, f0, head)
		}
		theta += 2 * math.Pi * f0 / rate
		turn, z, v := cmplx.Rect(1, theta), complex(1, 0), 0.0
		for k, g := range gain {
			z *= turn
			v += g * imag(z*harmonics[k])
		}
		sound[onset+t] = v * loud(word, s)
		power += sound[onset+t] * sound[onset+t]
	}
	scale := 1 / math.Sqrt(power/float64(last))
	for t := range sound {
		sound[t] = sound[t]*scale + noise*rnd.NormFloat64()
	}
	return sound
}

// resonate sets the loudness of each harmonic of f0 at the part s of the word.
func resonate(gain []float64, word string, s, f0, head float64) {
	from, to := formants[word[0]], formants[word[len(word)-1]]
	mix := 1 / (1 + math.Exp(-14*(s-0.5)))
	for k := range gain {
		f := float64(k+1) * f0
		gain[k] = 0
		if f > 0.48*rate {
			continue
		}
		for i, width := range []float64{70, 100, 160} {
			d := (f - head*(from[i]+mix*(to[i]-from[i]))) / width
			gain[k] += math.Pow(0.6, float64(i)) / (1 + d*d)
		}
	}
}

// loud is the envelope of a word; that of a vowel said twice has a gap.
func loud(word string, s float64) float64 {
	e := min(1, s/0.08, (1-s)/0.15)
	if word == "aa" {
		e *= min(1, math.Abs(s-0.5)/0.12)
	}
	return e
}

// ear turns sounds into spectrograms.
type ear struct {
	fft   *fourier.FFT
	hann  []float64
	frame []float64
	coeff []complex128
}

func newEar() *ear {
	e := &ear{fft: fourier.NewFFT(window), hann: make([]float64, window), frame: make([]float64, window)}
	for i := range e.hann {
		e.hann[i] = 0.5 - 0.5*math.Cos(2*math.Pi*(float64(i)+0.5)/window)
	}
	return e
}

// hear returns the spectrogram [B,T] of a sound: the logarithm of the power in
// bands that are equally wide on the mel scale of perceived pitch.
func (e *ear) hear(sound []float64) []float32 {
	mel := func(f float64) float64 { return math.Log1p(f / 700) }
	x := make([]float32, B*T)
	for t := range T {
		for i := range window {
			e.frame[i] = sound[t*hop+i] * e.hann[i]
		}
		e.coeff = e.fft.Coefficients(e.coeff, e.frame)
		var power [B]float64
		for i := 2; i < window/2; i++ {
			f := float64(i) * rate / window
			power[min(B-1, int(B*mel(f)/mel(rate/2)))] += real(e.coeff[i])*real(e.coeff[i]) + imag(e.coeff[i])*imag(e.coeff[i])
		}
		for b, p := range power {
			x[b*T+t] = float32(math.Log10(p+1) / 4)
		}
	}
	return x
}

// record returns n sounds, the words in turn, as spectrograms [n,B,T].
func record(n int, noise float64, seed uint64) FitBatch {
	rnd, e := sets.NewRand(seed), newEar()
	var b FitBatch
	for i := range n {
		k := i % K
		b.X = append(b.X, e.hear(speak(words[k], noise, rnd))...)
		b.Y = append(b.Y, int32(k))
	}
	return b
}
