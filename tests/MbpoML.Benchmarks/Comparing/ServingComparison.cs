using MbpoML.Components;
using MbpoML.Data;
using MbpoML.Data.Views;
using MbpoML.Dynamics.Ensemble;
using MbpoML.Dynamics.Ensemble.Serving;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;
using MbpoML.Policies.SoftActorCritic;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// Rows through <c>policy.Transform</c> and <c>dynamics.Transform</c> beside the same blocks through torch with its own threads, at the paper's sizes.
/// </summary>
internal static class ServingComparison
{
    private const int Rows = 10_000, Observations = 17, Actions = 6;
    private static readonly TransitionLayout Layout = new(Observations, Actions);

    /// <summary>Measures all variants in turn and prints their rates; a unit is a view of 10,000 rows.</summary>
    public static void Run(int rounds)
    {
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        var threads = Math.Max(2, Environment.ProcessorCount);
        var random = new RandomSource(1);
        float[] Draw(int columns) => [.. Enumerable.Range(0, Rows * columns).Select(_ => (float)random.NextUniform(-1, 1))];
        var (observations, actions) = (Draw(Observations), Draw(Actions));
        var view = new DenseDataView.Builder()
            .AddVector(TransitionColumns.DefaultObservation, Observations, observations).AddVector(TransitionColumns.DefaultAction, Actions, actions).Build();
        var (observation, action) = (tensor(observations, Rows, Observations), tensor(actions, Rows, Actions));

        var context = new ComponentContext(new MLContext(1));
        using var learner = new SacLearner(context, new SacSettings(Layout, BoxSpace.Uniform(Actions, -1, 1), [256, 256]), seed: 1, CPU);
        using var policy = learner.ToTransformer();
        new Comparison($"policy.Transform: {Rows:N0} rows, observation {Observations}, action {Actions}, 2 x 256", "views",
        [
            Repeated($"blocks, {threads} torch threads", threads,
                () => InBlocks(RowPolicy.PieceRows, (start, rows) => policy.Act(observation.narrow(0, start, rows)))),
            Repeated("blocks, 1 torch thread", 1, () => InBlocks(RowPolicy.PieceRows, (start, rows) => policy.Act(observation.narrow(0, start, rows)))),
            Repeated($"Transform, {threads} torch threads", threads, () => Read<VBuffer<float>>(policy.Transform(view), policy.ActionColumnName)),
            Repeated("Transform, 1 torch thread", 1, () => Read<VBuffer<float>>(policy.Transform(view), policy.ActionColumnName)),
        ]).Run(rounds);

        using var ensemble = new EnsembleLearner(Layout, new ProbabilisticEnsembleTrainer.Options(), seed: 1);
        var model = ensemble.Ensemble;
        var served = new PredictionView(view, model, TransitionColumns.Default);
        new Comparison($"dynamics.Transform: {Rows:N0} rows, observation {Observations}, action {Actions}, 5 elites of 4 x 200", "views",
        [
            Repeated($"blocks, {threads} torch threads", threads,
                () => InBlocks(PredictionBlock.PieceRows, (start, rows) => model.Predict(observation.narrow(0, start, rows), action.narrow(0, start, rows)))),
            Repeated("blocks, 1 torch thread", 1,
                () => InBlocks(PredictionBlock.PieceRows, (start, rows) => model.Predict(observation.narrow(0, start, rows), action.narrow(0, start, rows)))),
            Repeated($"Transform, {threads} torch threads", threads, () => Read<float>(served, TransitionColumns.PredictedReward)),
            Repeated("Transform, 1 torch thread", 1, () => Read<float>(served, TransitionColumns.PredictedReward)),
        ]).Run(rounds);
    }

    private static Variant Repeated(string name, int threads, Action view) => new(name, threads, views =>
    {
        for (var done = 0; done < views; done++) view();
    });

    private static void InBlocks(int blockRows, Action<int, int> block)
    {
        for (var start = 0; start < Rows; start += blockRows)
        {
            using var scope = NewDisposeScope();
            block(start, Math.Min(blockRows, Rows - start));
        }
    }

    private static void Read<T>(IDataView view, string name)
    {
        var column = view.Schema[name];
        using var cursor = view.GetRowCursor([column]);
        var getter = cursor.GetGetter<T>(column);
        T value = default!;
        while (cursor.MoveNext()) getter(ref value);
    }
}
