package main

import (
	"github.com/nnc-lang/nnc/examples/course/course"
	threshold "github.com/nnc-lang/nnc/examples/course/t01_threshold"
	perceptron "github.com/nnc-lang/nnc/examples/course/t02_perceptron"
	graph "github.com/nnc-lang/nnc/examples/course/t03_graph"
	logistic "github.com/nnc-lang/nnc/examples/course/t04_logistic"
	descent "github.com/nnc-lang/nnc/examples/course/t05_descent"
	risk "github.com/nnc-lang/nnc/examples/course/t06_risk"
	degree "github.com/nnc-lang/nnc/examples/course/t07_degree"
	layers "github.com/nnc-lang/nnc/examples/course/t08_layers"
	activations "github.com/nnc-lang/nnc/examples/course/t09_activations"
	heads "github.com/nnc-lang/nnc/examples/course/t10_heads"
	alvinn "github.com/nnc-lang/nnc/examples/course/t11_alvinn"
	modes "github.com/nnc-lang/nnc/examples/course/t12_modes"
	worked "github.com/nnc-lang/nnc/examples/course/t13_worked"
	byhand "github.com/nnc-lang/nnc/examples/course/t14_byhand"
	vanishing "github.com/nnc-lang/nnc/examples/course/t15_vanishing"
	dead "github.com/nnc-lang/nnc/examples/course/t16_dead"
	approximation "github.com/nnc-lang/nnc/examples/course/t17_approximation"
	images "github.com/nnc-lang/nnc/examples/course/t18_images"
	sound "github.com/nnc-lang/nnc/examples/course/t19_sound"
	text "github.com/nnc-lang/nnc/examples/course/t20_text"
	sequences "github.com/nnc-lang/nnc/examples/course/t21_sequences"
	autoencoder "github.com/nnc-lang/nnc/examples/course/t22_autoencoder"
)

// topics are in the order of the course.
var topics = []course.Topic{
	threshold.Topic,
	perceptron.Topic,
	graph.Topic,
	logistic.Topic,
	descent.Topic,
	risk.Topic,
	degree.Topic,
	layers.Topic,
	activations.Topic,
	heads.Topic,
	alvinn.Topic,
	modes.Topic,
	worked.Topic,
	byhand.Topic,
	vanishing.Topic,
	dead.Topic,
	approximation.Topic,
	images.Topic,
	sound.Topic,
	text.Topic,
	sequences.Topic,
	autoencoder.Topic,
}
