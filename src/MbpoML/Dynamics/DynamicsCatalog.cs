using System.Runtime.CompilerServices;
using MbpoML.Data;
using Microsoft.ML;

namespace MbpoML.Dynamics;

/// <summary>Makes the estimators of stage 1: models of what the environment does next.</summary>
public sealed class DynamicsCatalog
{
    private readonly ComponentContext _context;

    internal DynamicsCatalog(ComponentContext context) => _context = context;

    /// <summary>An ensemble of probabilistic networks, the dynamics model of MBPO.</summary>
    /// <param name="memberCount">The number of networks.</param>
    /// <param name="eliteCount">The number of networks, those of lowest holdout error, that predict.</param>
    /// <param name="hiddenSizes">The units of each hidden layer; four times 200 when null.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">A number is out of range, or a column has no name of its own.</exception>
    public ProbabilisticEnsembleTrainer ProbabilisticEnsemble(
        int memberCount = 7, int eliteCount = 5, IReadOnlyList<int>? hiddenSizes = null, TransitionColumns? columns = null)
    {
        var options = new ProbabilisticEnsembleTrainer.Options { MemberCount = memberCount, EliteCount = eliteCount };
        if (hiddenSizes is not null) options.HiddenSizes = hiddenSizes;
        return ProbabilisticEnsemble(options, columns);
    }

    /// <summary>An ensemble of probabilistic networks, the dynamics model of MBPO.</summary>
    /// <param name="options">How it is built and fitted; copied.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a column has no name of its own.</exception>
    // So that "new() { ... }" means the options.
    [OverloadResolutionPriority(1)]
    public ProbabilisticEnsembleTrainer ProbabilisticEnsemble(ProbabilisticEnsembleTrainer.Options options, TransitionColumns? columns = null) =>
        new(_context, options, columns ?? TransitionColumns.Default);

    /// <summary>One of ML.NET's own regressions for the reward and for the change of each dimension of the observation.</summary>
    /// <param name="trainer">
    /// Makes the regression of one output, given the name of its label column; the features are called "Features". For instance
    /// <c>label => mlContext.Regression.Trainers.Sdca(label, "Features")</c>.
    /// </param>
    /// <param name="featurizer">Reads and replaces the column "Features", for instance by random Fourier features (ApproximatedKernelMap); none when null.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">A column has no name of its own.</exception>
    /// <exception cref="InvalidOperationException">In Fit: the function returned null, or an estimator that adds no column Score.</exception>
    public PerOutputRegressionEstimator Regression(
        Func<string, IEstimator<ITransformer>> trainer, IEstimator<ITransformer>? featurizer = null, TransitionColumns? columns = null) =>
        new(_context, trainer, featurizer, columns ?? TransitionColumns.Default);
}
