using System.Globalization;
using System.Runtime.CompilerServices;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Dynamics.Adapters;
using MbpoML.Dynamics.Adapters.Bootstrap;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Homoscedastic;
using MbpoML.Dynamics.Latent;
using Microsoft.ML;

namespace MbpoML.Catalog;

/// <summary>Makes the estimators of stage 1: models of what the environment does next.</summary>
public sealed class DynamicsCatalog
{
    private readonly ComponentContext _context;

    internal DynamicsCatalog(ComponentContext context) => _context = context;

    /// <summary>An ensemble of probabilistic networks, the dynamics model of MBPO.</summary>
    /// <param name="memberCount">The number of networks, at least 1.</param>
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

    /// <summary>An ensemble whose noise does not depend on where it is asked, the dynamics model of double-horizon MBPO.</summary>
    /// <param name="options">How it is built and fitted, copied; the defaults when null.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a column has no name of its own.</exception>
    public HomoscedasticEnsembleTrainer HomoscedasticEnsemble(HomoscedasticEnsembleTrainer.Options? options = null, TransitionColumns? columns = null) =>
        new(_context, options ?? new HomoscedasticEnsembleTrainer.Options(), columns ?? TransitionColumns.Default);

    /// <summary>A recurrent state-space model, which learns from frames what goes on behind them: the latent dynamics model of PlaNet.</summary>
    /// <param name="options">How it is built and fitted, copied; those of the paper when null.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public RecurrentStateSpaceTrainer RecurrentStateSpace(RecurrentStateSpaceTrainer.Options? options = null) =>
        new(options ?? new RecurrentStateSpaceTrainer.Options());

    /// <summary>One of ML.NET's own regressions for the reward and for the change of each dimension of the observation.</summary>
    /// <param name="trainer">
    /// Makes the regression of one output, given the name of its label column; the features are called "Features". For instance
    /// <c>label => mlContext.Regression.Trainers.Sdca(label, "Features")</c>.
    /// </param>
    /// <param name="featurizer">Reads and replaces the column "Features", for instance by random Fourier features (ApproximatedKernelMap); none when
    /// null.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">A column has no name of its own.</exception>
    /// <exception cref="InvalidOperationException">In Fit: the function returned null, an estimator that adds no column Score, or one that failed.</exception>
    public PerOutputRegressionEstimator Regression(
        Func<string, IEstimator<ITransformer>> trainer, IEstimator<ITransformer>? featurizer = null, TransitionColumns? columns = null) =>
        new(_context, trainer, featurizer, columns ?? TransitionColumns.Default);

    /// <summary>
    /// An ensemble of ML.NET's own regressions: each member is fitted on a bootstrap sample, and the members' spread says how unsure the model is.
    /// </summary>
    /// <param name="members">The number of members, at least 2. Five is what MBPO's ensemble predicts with.</param>
    /// <param name="trainer">
    /// Makes the regression of one output of one member, given the name of its label column; the features are called "Features". Members are fitted side by
    /// side: let the trainer use one thread. For instance <c>label => mlContext.Regression.Trainers.Sdca(label, "Features")</c>.
    /// </param>
    /// <param name="featurizer">Reads and replaces the column "Features" for all members; none when null.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    /// <exception cref="ArgumentException">Fewer than two members, or a column has no name of its own.</exception>
    /// <exception cref="InvalidOperationException">In Fit: the function returned null, an estimator that adds no column Score, or one that failed.</exception>
    public BootstrapRegressionEstimator Bootstrap(
        int members, Func<string, IEstimator<ITransformer>> trainer, IEstimator<ITransformer>? featurizer = null, TransitionColumns? columns = null) =>
        new(_context, members, trainer, featurizer, columns ?? TransitionColumns.Default);

    /// <summary>Loads an ML.NET model in every culture, also one of <see cref="Regression"/> that an earlier version of this library saved.</summary>
    /// <remarks>
    /// Such files hold numbers with a decimal point, which ML.NET reads by the current culture: where the separator is a comma, <c>mlContext.Model.Load</c>
    /// fails on them. It loads all files of this version. Load only files that you trust, as with ML.NET itself.
    /// </remarks>
    /// <param name="path">The path of a file that <c>mlContext.Model.Save</c> wrote.</param>
    /// <returns>The transformer, for instance for <see cref="TransformerDynamicsModel"/>.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no ML.NET model.</exception>
    public ITransformer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no file {path}.", path);
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            return _context.ML.Model.Load(path, out _);
        }
        catch (Exception fault) when (fault is not (IOException or UnauthorizedAccessException))
        {
            throw new InvalidDataException($"The file {path} cannot be read as an ML.NET model: {fault.GetBaseException().Message}", fault);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
