using MbpoML.Benchmarks.Reporting;
using MbpoML.Data;
using MbpoML.Dynamics.Adapters;
using MbpoML.Numerics.Torch;
using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;
using static TorchSharp.torch;

namespace MbpoML.Benchmarks.Comparing;

/// <summary>
/// Imagined steps of 10,000 rows with ML.NET's regressions, by ML.NET's own Transform and as MbpoML evaluates them: 3 observations, 1 action, the sizes of the
/// pendulum.
/// </summary>
internal static class RegressionComparison
{
    private const int Rows = 10_000, FittedRows = 3000;
    private const string Features = PerOutputRegressionEstimator.FeaturesColumn;

    /// <summary>Measures every trainer and prints a table of all; a unit is a batch.</summary>
    public static void Run(int rounds)
    {
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        var ml = new MLContext(1);
        var rl = ml.Reinforcement();
        using var environment = rl.Environments.Pendulum();
        var data = rl.Data.Record(environment, FittedRows, seed: 1);
        var table = new MarkdownTable("trainer", $"ML.NET's Transform, ms per {Rows:N0} rows", "evaluated here, ms", "times faster");
        foreach (var (name, trainer) in Trainers(ml))
        {
            var rates = Measure($"rollout step of {name}", new TransitionLayout(3, 1), rl.Dynamics.Regression(trainer).Fit(data), rounds);
            table.Add(name, MarkdownTable.Number(1000 / rates[0]), MarkdownTable.Number(1000 / rates[1]), MarkdownTable.Number(rates[1] / rates[0]));
        }
        table.Print($"all trainers, {FittedRows:N0} transitions of the pendulum");
    }

    private static double[] Measure(string title, TransitionLayout layout, ITransformer fitted, int rounds)
    {
        using var generator = new Generator(1);
        var (observation, action) = ((rand(Rows, 3, generator: generator) * 2) - 1, (rand(Rows, 1, generator: generator) * 2) - 1);
        Variant Variant(string name, bool mayCompile)
        {
            var model = new TransformerDynamicsModel(fitted, layout, null, mayCompile);
            return new Variant(name, 1, batches =>
            {
                for (var done = 0; done < batches; done++) model.Sample(observation, action, generator).Dispose();
            });
        }

        var rates = new Comparison(title, "batches", [Variant("ML.NET's Transform", false), Variant("evaluated here", true)]).Run(rounds);
        return [rates["ML.NET's Transform"], rates["evaluated here"]];
    }

    private static IEnumerable<(string Name, Func<string, IEstimator<ITransformer>> Trainer)> Trainers(MLContext ml)
    {
        IEstimator<ITransformer> LightGbm(string label, int leaves) => ml.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
        {
            LabelColumnName = label,
            FeatureColumnName = Features,
            NumberOfThreads = 1,
            NumberOfLeaves = leaves,
            MinimumExampleCountPerLeaf = 5,
        });
        yield return ("LightGbm, 31 leaves", label => LightGbm(label, 31));
        yield return ("LightGbm, 255 leaves", label => LightGbm(label, 255));
        yield return ("FastTree", label => ml.Regression.Trainers.FastTree(label, Features));
        yield return ("FastForest", label => ml.Regression.Trainers.FastForest(label, Features));
        yield return ("Gam", label => ml.Regression.Trainers.Gam(label, Features));
        yield return ("Sdca", label => ml.Regression.Trainers.Sdca(label, Features));
        yield return ("OnlineGradientDescent", label => ml.Regression.Trainers.OnlineGradientDescent(label, Features));
        yield return ("normalizer and Sdca",
            label => ml.Transforms.NormalizeMeanVariance("Scaled", Features, fixZero: false).Append(ml.Regression.Trainers.Sdca(label, "Scaled")));
    }
}
