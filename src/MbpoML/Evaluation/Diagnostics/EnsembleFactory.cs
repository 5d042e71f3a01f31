using MbpoML.Data;
using MbpoML.Dynamics.Ensemble;

namespace MbpoML.Evaluation.Diagnostics;

/// <summary>Makes an ensemble of fresh weights.</summary>
/// <param name="layout">The sizes of the transitions to come.</param>
/// <param name="seed">The seed of weights and minibatches.</param>
internal delegate EnsembleLearner EnsembleFactory(TransitionLayout layout, int seed);
