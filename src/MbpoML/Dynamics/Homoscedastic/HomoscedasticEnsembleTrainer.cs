using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>
/// Stage 1 of double-horizon MBPO: fits an ensemble of networks that predict reward and next observation, with noise that does not depend on where they are
/// asked.
/// </summary>
/// <remarks>
/// A. Kubo, P. Parmas and S. Ishii, "Double horizon model-based policy optimization" (TMLR 2025, arXiv:2512.15439), with a fixed number of optimizer steps a
/// fit in place of early stopping. Made by <c>rl.Dynamics.HomoscedasticEnsemble</c>. Each Fit starts from fresh weights; a run keeps a learner, whose refits go
/// on. The same seed and data give the same model, bit for bit.
/// </remarks>
public sealed partial class HomoscedasticEnsembleTrainer : IEstimator<HomoscedasticTransformer>, IDynamicsEstimator, IEnsembleEstimator, IStage
{
    private readonly ComponentContext _context;
    private readonly Options _options;
    private readonly TransitionColumns _columns;
    private readonly int _seed;

    internal HomoscedasticEnsembleTrainer(ComponentContext context, Options options, TransitionColumns columns)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_context, _options, _columns) = (context, options.Copy(), TransitionColumns.Checked(columns));
        _seed = options.Seed ?? context.NextSeed();
    }

    /// <summary>The names of the columns it reads.</summary>
    public TransitionColumns Columns => _columns;

    /// <summary>Fits an ensemble to transitions, with <see cref="Options.FirstOptimizerSteps"/> optimizer steps.</summary>
    /// <param name="input">Transitions: observation, action, reward, next observation and termination flag; at least one row.</param>
    /// <returns>A transformer that predicts; dispose it to free its networks at once.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="ArgumentException">A column has another type, there are no rows, or a value is not finite.</exception>
    /// <exception cref="LearningException">The training diverged.</exception>
    public HomoscedasticTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = torch.NewDisposeScope();
        using var table = TransitionReader.Read(input, _columns);
        using var channel = _context.Host.Start("HomoscedasticEnsemble");
        if (StoredPrecision.DescribeLoss(table.Layout, table.Rows) is { } loss) channel.Warning(MessageSensitivity.None, "{0}", StoredPrecision.Warning(loss));
        var learner = new HomoscedasticLearner(table.Layout, _options, _seed, Devices.Parse(_options.Device ?? "cpu"));
        try
        {
            learner.Fit(table.Rows, CancellationToken.None);
            return new HomoscedasticTransformer(_context, learner, _columns);
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

    string IStage.StageName => "homoscedastic ensemble";

    object IStage.Options => _options;

    string? IStage.Device => _options.Device;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The device cannot be used.</exception>
    public IDynamicsLearner CreateLearner(TransitionLayout layout, int seed, string? device = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        return new HomoscedasticLearner(layout, _options, _options.Seed ?? seed, Devices.Parse(_options.Device ?? device ?? "cpu"));
    }
}
