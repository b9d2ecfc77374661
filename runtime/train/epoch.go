package train

import (
	"math"
	"slices"
	"time"
)

// Epoch is what is known after an epoch.
type Epoch struct {
	N       int     // 1 for the first
	Loss    float64 // mean over the examples, each measured in its step
	Metrics []Metric
	Rate    float64       // of learning in the last step, 0 without Schedule
	Best    bool          // so far, as Keep says
	Time    time.Duration // since the run began, earlier parts of it included
}

// Metric is a number that Validate measures.
type Metric struct {
	Name  string
	Value float64
}

// Set sets the metric name; the first Set decides where it is shown.
func (e *Epoch) Set(name string, value float64) {
	for i := range e.Metrics {
		if e.Metrics[i].Name == name {
			e.Metrics[i].Value = value
			return
		}
	}
	e.Metrics = append(e.Metrics, Metric{name, value})
}

// Get returns the metric name, NaN if it was not set; "loss" is Loss unless
// Validate has set another.
func (e Epoch) Get(name string) float64 {
	for _, m := range e.Metrics {
		if m.Name == name {
			return m.Value
		}
	}
	if name == "loss" {
		return e.Loss
	}
	return math.NaN()
}

func (e *Epoch) has(name string) bool {
	return name == "loss" || slices.ContainsFunc(e.Metrics, func(m Metric) bool { return m.Name == name })
}

// Best says which of two epochs is better: the one with the higher or the lower
// value of a metric. NaN is never better.
type Best struct {
	metric string
	sign   float64
}

// Highest prefers the highest value of a metric, such as the accuracy.
func Highest(metric string) Best { return Best{metric, 1} }

// Lowest prefers the lowest value of a metric, such as "loss".
func Lowest(metric string) Best { return Best{metric, -1} }

// better says whether e is better than the best before it, nil for none.
func (b Best) better(e, best *Epoch) bool {
	v := b.sign * e.Get(b.metric)
	return !math.IsNaN(v) && (best == nil || v > b.sign*best.Get(b.metric))
}
