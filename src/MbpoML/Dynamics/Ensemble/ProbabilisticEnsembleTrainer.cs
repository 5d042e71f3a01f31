using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace MbpoML.Dynamics.Ensemble;

/// <summary>Stage 1: fits an ensemble of probabilistic networks that predict reward and next observation from observation and action.</summary>
/// <remarks>
/// Janner et al., "When to trust your model: model-based policy optimization" (NeurIPS 2019), Section 4.2, after Chua et al. (NeurIPS 2018), with the settings
/// of the official code. Made by <see cref="DynamicsCatalog"/>. Each Fit starts from fresh weights; the same seed and data give the same model, bit for bit.
/// </remarks>
public sealed partial class ProbabilisticEnsembleTrainer : IEstimator<DynamicsTransformer>, IDynamicsEstimator, IEnsembleEstimator, IStage
{
    private readonly ComponentContext _context;
    private readonly Options _options;
    private readonly TransitionColumns _columns;
    private readonly int _seed;

    internal ProbabilisticEnsembleTrainer(ComponentContext context, Options options, TransitionColumns columns)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_context, _options, _columns) = (context, options.Copy(), TransitionColumns.Checked(columns));
        _seed = options.Seed ?? context.NextSeed();
    }

    /// <summary>The names of the columns it reads.</summary>
    public TransitionColumns Columns => _columns;

    /// <summary>Fits an ensemble to transitions.</summary>
    /// <param name="input">Transitions: observation, action, reward, next observation and termination flag; at least two rows.</param>
    /// <exception cref="LearningException">The training diverged, or the predicted variance collapsed.</exception>
    /// <returns>A transformer that predicts; dispose it to free its networks at once.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type, there are fewer than two rows, or a value is not finite.</exception>
    /// <exception cref="InvalidOperationException">The training diverged.</exception>
    public DynamicsTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var threads = TorchThreads.Use(1);
        using var scope = torch.NewDisposeScope();
        using var table = TransitionReader.Read(input, _columns);
        using var channel = _context.Host.Start("ProbabilisticEnsemble");
        if (StoredPrecision.DescribeLoss(table.Layout, table.Rows) is { } loss) channel.Warning(MessageSensitivity.None, "{0}", StoredPrecision.Warning(loss));
        var learner = new EnsembleLearner(table.Layout, _options, _seed, Devices.Parse(_options.Device ?? "cpu"));
        try
        {
            learner.Fit(table.Rows, CancellationToken.None);
            return new DynamicsTransformer(learner, _columns);
        }
        catch
        {
            learner.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The observation or action column is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => PredictionSchema.AddTo(_context.ML, inputSchema, _columns);

    int IEnsembleEstimator.MemberCount => _options.MemberCount;

    string IStage.StageName => "probabilistic ensemble";

    object IStage.Options => _options;

    string? IStage.Device => _options.Device;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The device cannot be used.</exception>
    public IDynamicsLearner CreateLearner(TransitionLayout layout, int seed, string? device = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new EnsembleLearner(layout, _options, _options.Seed ?? seed, Devices.Parse(_options.Device ?? device ?? "cpu"));
    }
}
