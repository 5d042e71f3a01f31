using MbpoML.Catalog;
using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Numerics;
using MbpoML.Numerics.Random;
using Microsoft.ML;
using static TorchSharp.torch;

namespace MbpoML.Dynamics.Adapters.Bootstrap;

/// <summary>
/// An ensemble of ML.NET's own parts: each member has one regression for the reward and one for the change of each dimension of the observation.
/// </summary>
/// <remarks>
/// Each member is fitted on a bootstrap sample, as many rows as there are, drawn with replacement (Efron, "Bootstrap methods: another look at the jackknife",
/// 1979; as the members of the probabilistic ensemble are). The rows that a member did not draw, some 37 %, give its constant standard deviations. Where data
/// is scarce the members disagree, and their spread says how unsure the model is. Members are fitted side by side, on as many threads as the process has cores;
/// their number changes nothing in the result. Made by <see cref="DynamicsCatalog"/>.
/// </remarks>
public sealed class BootstrapRegressionEstimator : IEstimator<BootstrapTransformer>, IEnsembleEstimator, IStage
{
    private readonly ComponentContext _context;
    private readonly Func<string, IEstimator<ITransformer>> _trainer;
    private readonly IEstimator<ITransformer>? _featurizer;
    private readonly TransitionColumns _columns;
    private readonly int _seed;

    internal BootstrapRegressionEstimator(
        ComponentContext context, int members, Func<string, IEstimator<ITransformer>> trainer, IEstimator<ITransformer>? featurizer, TransitionColumns columns)
    {
        Check.AtLeast(2, members);
        ArgumentNullException.ThrowIfNull(trainer);
        (_context, MemberCount, _trainer, _featurizer, _columns) = (context, members, trainer, featurizer, TransitionColumns.Checked(columns));
        _seed = context.NextSeed();
    }

    /// <summary>The number of members.</summary>
    public int MemberCount { get; }

    string IStage.StageName => "bootstrap of regressions";

    object IStage.Options => new Settings { Members = MemberCount };

    /// <summary>Fits all members.</summary>
    /// <param name="input">A view of transitions, at least two rows.</param>
    /// <returns>
    /// A transformer that adds PredictedObservationDelta (vector&lt;float, n&gt;), PredictedReward (float) and both with StandardDeviation appended, in
    /// environment units.
    /// </returns>
    /// <exception cref="ArgumentException">Fewer than two rows, a column of another type, or a value that is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing.</exception>
    /// <exception cref="InvalidOperationException">
    /// The function gives no trainer, or a trainer no column "Score" of type Single, or one failed: the message names member and output, and the inner
    /// exception says why.
    /// </exception>
    public BootstrapTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        using var table = TransitionReader.Read(input, _columns);
        if (table.Count < 2)
            throw new ArgumentException(
                $"A bootstrap needs at least 2 transitions, one to train on and one to hold out, but got {table.Count}; collect more.", nameof(input));
        var prefix = new RegressionPipeline(_context.ML, RegressionPipeline.Inputs(_columns, table.Layout, table.Rows));
        prefix.AppendFeatures(_columns, _featurizer);
        var (features, targets) =
            (TransitionReader.ReadVectors(prefix.View, RegressionPipeline.FeaturesColumn), RegressionPipeline.Targets(table.Layout, table.Rows));
        var samples = Enumerable.Range(0, MemberCount)
            .Select(member => BootstrapSample.Draw((int)table.Count, Seeds.Derive(_seed, "dynamics/bootstrap", member))).ToArray();
        var regressions = FitMembers(features, targets, samples);

        var members = new BootstrapMember[MemberCount];
        for (var member = 0; member < MemberCount; member++)
            members[member] = BootstrapMember.Create(_context.ML, prefix, regressions[member], features, targets, samples[member].LeftOut, member);
        return new BootstrapTransformer(BootstrapPipeline.Join(_context.ML, prefix, members), members, table.Layout, _columns);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The observation or action column is missing or holds no floats.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => RegressionPipeline.OutputShape(_context.ML, inputSchema, _columns);

    // What a resumed run is compared by.
    private sealed class Settings
    {
        public int Members { get; set; }
    }

    // The user's function is called here, one output after the other, because it may draw seeds from the context. Only the fits run side by side.
    private OutputRegression[][] FitMembers(Tensor features, Tensor targets, BootstrapSample[] samples)
    {
        var jobs = new List<(int Member, int Output, IEstimator<ITransformer> Trainer, DenseDataView Rows)>();
        var regressions = new OutputRegression[samples.Length][];
        for (var member = 0; member < samples.Length; member++)
        {
            var (drawn, outputs) = (tensor(samples[member].Drawn), (int)targets.size(1));
            var values = targets.index_select(0, drawn);
            var rows = RegressionPipeline.Labelled(features.index_select(0, drawn), values);
            regressions[member] = new OutputRegression[outputs];
            for (var output = 0; output < outputs; output++)
            {
                if (OutputRegression.ConstantOf(values, output) is { } constant) regressions[member][output] = new OutputRegression(null, constant);
                else jobs.Add((member, output, OutputRegression.Trainer(_trainer, output, member), rows));
            }
        }

        var faults = new Exception?[jobs.Count];
        Parallel.For(0, jobs.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (index, loop) =>
        {
            var (member, output, trainer, rows) = jobs[index];
            try
            {
                regressions[member][output] = OutputRegression.Fit(trainer, rows, output, member);
            }
            catch (Exception fault)
            {
                faults[index] = fault;
                // The jobs before this one still run, so that always the first fault is told.
                loop.Break();
            }
        });
        if (Array.Find(faults, fault => fault is not null) is { } first) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        return regressions;
    }
}
