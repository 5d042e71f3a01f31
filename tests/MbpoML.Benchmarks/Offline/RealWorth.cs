using MbpoML.Acting;
using MbpoML.Environments;
using MbpoML.Evaluation;
using MbpoML.Numerics.Torch;

namespace MbpoML.Benchmarks.Offline;

/// <summary>What a policy earns in a simulator, on average over episodes.</summary>
/// <param name="Return">Undiscounted.</param>
/// <param name="Discounted">Discounted from the start on.</param>
internal sealed record RealWorth(double Return, double Discounted)
{
    /// <summary>Measures a policy by its most likely actions.</summary>
    public static RealWorth Of(IPolicy policy, IEnvironment environment, int episodes, int seed, double discount)
    {
        using var threads = TorchThreads.Use(1);
        var metrics = PolicyEvaluator.Evaluate(policy, environment, episodes, seed);
        return new RealWorth(metrics.MeanReturn, metrics.Episodes.Average(episode => Discount(episode.Rewards, discount)));
    }

    private static double Discount(IReadOnlyList<double> rewards, double discount)
    {
        var (sum, weight) = (0.0, 1.0);
        foreach (var reward in rewards)
        {
            sum += weight * reward;
            weight *= discount;
        }

        return sum;
    }
}
