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

// Linear goes from rate to last over total steps along a straight line, and stays
// there.
func Linear(rate, last float64, total int) Schedule {
	return func(t int) float64 {
		x := min(float64(t)/float64(total), 1)
		return float64(rate*(1-x)) + float64(last*x)
	}
}

// InverseRoot falls from rate with the root of the steps after the first few:
// rate*sqrt(few/max(t, few)) (Vaswani et al. 2017, there with a Warmup).
func InverseRoot(rate float64, few int) Schedule {
	return func(t int) float64 { return rate * math.Sqrt(float64(few)/float64(max(t, few))) }
}

// PerEpoch counts epochs of so many steps where s counts steps.
func PerEpoch(steps int, s Schedule) Schedule {
	return func(t int) float64 { return s(t / steps) }
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
