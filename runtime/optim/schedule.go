package optim

import "math"

// Schedule is the learning rate at step t = 0, 1, 2, …, for SetRate.
type Schedule func(t int) float64

// Constant is always rate.
func Constant(rate float64) Schedule {
	return func(int) float64 { return rate }
}

// StepDecay multiplies rate by factor after every so many steps.
func StepDecay(rate, factor float64, every int) Schedule {
	return func(t int) float64 { return rate * math.Pow(factor, float64(t/every)) }
}

// Exponential multiplies rate by factor after each step.
func Exponential(rate, factor float64) Schedule { return StepDecay(rate, factor, 1) }

// Cosine falls from rate to least over total steps along half a cosine, and
// stays there (Loshchilov and Hutter 2017).
func Cosine(rate, least float64, total int) Schedule {
	return func(t int) float64 {
		x := min(float64(t)/float64(total), 1)
		return least + (rate-least)*(1+math.Cos(math.Pi*x))/2
	}
}

// Warmup rises linearly to the first rate of s in the given number of steps, of
// which the first is not 0, and then follows s.
func Warmup(steps int, s Schedule) Schedule {
	return func(t int) float64 {
		if t < steps {
			return s(0) * float64(t+1) / float64(steps)
		}
		return s(t - steps)
	}
}
