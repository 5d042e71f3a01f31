using MbpoML.Environments;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Quickstart;

/// <summary>Uses a saved policy with nothing but ML.NET (packages Microsoft.ML, Microsoft.ML.OnnxTransformer and Microsoft.ML.OnnxRuntime).</summary>
internal static class ReloadedPolicy
{
    public static double RunEpisode(string policyFile, IEnvironment environment, int seed)
    {
        var mlContext = new MLContext();
        var policy = mlContext.Model.Load(policyFile, out _);
        using var engine = mlContext.Model.CreatePredictionEngine<PendulumObservation, PendulumAction>(policy);

        var observation = new double[3];
        environment.Reset(seed, observation);
        var total = 0.0;
        for (var done = false; !done;)
        {
            var action = engine.Predict(new PendulumObservation { Observation = [.. observation.Select(value => (float)value)] });
            var result = environment.Step([action.Action[0]], observation);
            total += result.Reward;
            done = result.Done;
        }

        return total;
    }

    private sealed class PendulumObservation
    {
        [VectorType(3)]
        public float[] Observation { get; set; } = [];
    }

    private sealed class PendulumAction
    {
        [VectorType(1)]
        public float[] Action { get; set; } = [];
    }
}
