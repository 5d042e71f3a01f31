using MbpoML.Numerics.Networks;
using MbpoML.Policies.SoftActorCritic;

namespace MbpoML.Tests.Policies.SoftActorCritic;

/// <summary>The losses of SAC in double precision, row by row, with loops: what the tensor code must equal.</summary>
internal sealed class PlainSac(SacSettings settings, float[] rows, float[] noise, int batch)
{
    public double CriticLoss(double[] critics, double[] actor, double[] targets, double alpha)
    {
        var sum = 0.0;
        for (var row = 0; row < batch; row++)
        {
            var (action, logProbability) = Draw(actor, Next(row), row);
            var next = Math.Min(Value(targets, 0, Next(row), action), Value(targets, 1, Next(row), action)) - (alpha * logProbability);
            var target = (settings.RewardScale * At(row, settings.Layout.RewardOffset))
                + (settings.Discount * (1 - At(row, settings.Layout.TerminatedOffset)) * next);
            for (var critic = 0; critic < 2; critic++) sum += 0.5 * Math.Pow(Value(critics, critic, Observation(row), Taken(row)) - target, 2);
        }
        return sum / batch;
    }

    public double ActorLoss(double[] actor, double[] critics, double alpha)
    {
        var sum = 0.0;
        for (var row = 0; row < batch; row++)
        {
            var (action, logProbability) = Draw(actor, Observation(row), batch + row);
            sum += (alpha * logProbability) - Math.Min(Value(critics, 0, Observation(row), action), Value(critics, 1, Observation(row), action));
        }
        return sum / batch;
    }

    public double AlphaLoss(double logAlpha, double[] actor)
    {
        var sum = 0.0;
        for (var row = 0; row < batch; row++) sum -= logAlpha * (Draw(actor, Observation(row), batch + row).LogProbability + settings.TargetEntropy);
        return sum / batch;
    }

    private double At(int row, int column) => rows[(row * settings.Layout.Width) + column];

    private double[] Observation(int row) => [.. Enumerable.Range(0, settings.Layout.ObservationSize).Select(index => At(row, index))];

    private double[] Next(int row) =>
        [.. Enumerable.Range(0, settings.Layout.ObservationSize).Select(index => At(row, settings.Layout.NextObservationOffset + index))];

    private double[] Taken(int row) =>
    [
        .. Enumerable.Range(0, settings.Layout.ActionSize).Select(index =>
        {
            var (low, high) = (settings.ActionSpace.Low[index], settings.ActionSpace.High[index]);
            return (2 * (At(row, settings.Layout.ActionOffset + index) - low) / (high - low)) - 1;
        }),
    ];

    private double Value(double[] critics, int critic, double[] observation, double[] action) =>
        Forward(settings.Critic, critics.AsSpan(critic * settings.Critic.ParameterCount, settings.Critic.ParameterCount), [.. observation, .. action])[0];

    private (double[] Action, double LogProbability) Draw(double[] actor, double[] observation, int noiseRow)
    {
        var actions = settings.Layout.ActionSize;
        var head = Forward(settings.Actor, actor, observation);
        var (action, logProbability) = (new double[actions], 0.0);
        for (var index = 0; index < actions; index++)
        {
            double epsilon = noise[(noiseRow * actions) + index];
            var standardDeviation = Math.Exp(Math.Clamp(head[actions + index], -20, 2));
            var preTanh = head[index] + (standardDeviation * epsilon);
            action[index] = Math.Tanh(preTanh);
            // The normal density over the derivative of tanh, 1 / cosh².
            logProbability += Math.Log(Math.Exp(-0.5 * epsilon * epsilon) / (standardDeviation * Math.Sqrt(2 * Math.PI)) * Math.Pow(Math.Cosh(preTanh), 2));
        }
        return (action, logProbability);
    }

    private static double[] Forward(NetworkShape shape, ReadOnlySpan<double> parameters, double[] input)
    {
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            var output = new double[shape.Out(layer)];
            for (var column = 0; column < output.Length; column++)
            {
                output[column] = parameters[shape.BiasOffset(layer) + column];
                for (var row = 0; row < input.Length; row++)
                    output[column] += input[row] * parameters[shape.WeightOffset(layer) + (row * output.Length) + column];
                if (layer < shape.Layers - 1) output[column] = Math.Max(output[column], 0);
            }
            input = output;
        }
        return input;
    }
}
