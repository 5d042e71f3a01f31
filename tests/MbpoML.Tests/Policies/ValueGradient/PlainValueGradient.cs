using MbpoML.Policies.ValueGradient;
using MbpoML.Tests.Numerics.Networks;

namespace MbpoML.Tests.Policies.ValueGradient;

/// <summary>
/// The losses of the value gradient in double precision, row by row, with loops, for <see cref="ValueGradientSamples.Smooth"/> without noise of the model: what
/// the tensor code must equal.
/// </summary>
/// <param name="settings">Sizes; all target critics count.</param>
/// <param name="starts">[batch, observation]</param>
/// <param name="noise">The policy's standard normal numbers, for each step [batch, action].</param>
/// <param name="modelNoise">The model's standard normal numbers, for each step [batch, observation].</param>
/// <param name="mean">The means of the observations: [observation].</param>
/// <param name="deviation">The standard deviations of the observations: [observation].</param>
internal sealed class PlainValueGradient(
    ValueGradientSettings settings, double[][] starts, double[][][] noise, double[][][] modelNoise, double[] mean, double[] deviation)
{
    /// <summary>What a critic's output is multiplied with, and what is added.</summary>
    public (double Width, double Center) Scale { get; set; } = (1, 0);

    /// <summary>Between which the last value of a target lies.</summary>
    public (double Low, double High) Clip { get; set; } = (double.NegativeInfinity, double.PositiveInfinity);

    public double ActorLoss(double[] actor, double[] critics, double alpha) => -Enumerable.Range(0, starts.Length).Average(row =>
    {
        var last = Roll(actor, row, alpha, countsFirst: true, out var sum, out var factor, settings.ValuesEnds);
        if (last is null) return sum;
        var value = Enumerable.Range(0, settings.CriticCount).Average(critic => Value(critics, critic, last.Value.Input));
        return sum + (factor * (value - (alpha * last.Value.LogProbability)));
    });

    public double CriticLoss(double[] critics, double[] actor, double[] targets, double alpha) => Enumerable.Range(0, starts.Length).Average(row =>
    {
        var target = Target(actor, targets, alpha, row);
        var input = Draw(actor, starts[row], 0, row).Input;
        return Enumerable.Range(0, settings.CriticCount).Sum(critic => Math.Pow(Value(critics, critic, input) - target, 2));
    });

    public double Entropy(double[] actor) => -Enumerable.Range(0, starts.Length).Average(row => Draw(actor, starts[row], 0, row).LogProbability);

    private double Target(double[] actor, double[] targets, double alpha, int row)
    {
        var last = Roll(actor, row, alpha, countsFirst: false, out var sum, out var factor);
        if (last is null) return sum;
        var value = Enumerable.Range(0, settings.CriticCount).Min(critic => Value(targets, critic, last.Value.Input));
        return sum + (factor * (Math.Clamp(value, Clip.Low, Clip.High) - (alpha * last.Value.LogProbability)));
    }

    // The discounted sum before the horizon; null where the task ended before it, or the step before its end.
    private (double[] Input, double LogProbability)? Roll(double[] actor, int row, double alpha, bool countsFirst, out double sum, out double factor,
        bool valuesEnds = false)
    {
        var observation = starts[row];
        (sum, factor) = (0, 1);
        for (var step = 0; step < settings.Horizon; step++, factor *= settings.Discount)
        {
            var (input, logProbability) = Draw(actor, observation, step, row);
            var action = Unscale(input[settings.Layout.ObservationSize..]);
            var next = Next(observation, action, step, row);
            var reward = Math.Cos(action[0]) - (0.2 * next.Average(value => value * value));
            sum += factor * (reward - (step > 0 || countsFirst ? alpha * logProbability : 0));
            if (Math.Abs(next[0]) > 1.5)
            {
                if (!valuesEnds) return null;
                // The critics' value of this step stands for all that was just added.
                sum -= factor * (reward - (alpha * logProbability));
                return (input, logProbability);
            }

            observation = next;
        }

        return Draw(actor, observation, settings.Horizon, row);
    }

    private double[] Next(double[] observation, double[] action, int step, int row) => [.. observation.Select((value, column) =>
        (0.8 * value) + (0.3 * Math.Sin(observation[(column + observation.Length - 1) % observation.Length])) + (0.4 * action[column % action.Length])
            + (0.1 * modelNoise[step][row][column]))];

    private (double[] Input, double LogProbability) Draw(double[] actor, double[] observation, int step, int row)
    {
        double[] scaled = [.. observation.Select((value, column) => (value - mean[column]) / deviation[column])];
        var head = PlainNetwork.Forward(settings.Actor, actor, scaled, (_, _) => 1);
        var actions = settings.Layout.ActionSize;
        var (action, logProbability) = (new double[actions], 0.0);
        for (var index = 0; index < actions; index++)
        {
            var epsilon = noise[step][row][index];
            var sigma = Math.Log(1 + Math.Exp(head[actions + index])) + 1e-5;
            var preTanh = head[index] + (sigma * epsilon);
            action[index] = Math.Tanh(preTanh);
            // The normal density over the derivative of tanh, 1 / cosh².
            logProbability += Math.Log(Math.Exp(-0.5 * epsilon * epsilon) / (sigma * Math.Sqrt(2 * Math.PI)) * Math.Pow(Math.Cosh(preTanh), 2));
        }

        return ([.. scaled, .. action], logProbability);
    }

    private double Value(double[] critics, int critic, double[] input) =>
        (Scale.Width * PlainNetwork.Forward(
            settings.Critic, critics[(critic * settings.Critic.ParameterCount)..((critic + 1) * settings.Critic.ParameterCount)], input, (_, _) => 1)[0])
            + Scale.Center;

    private double[] Unscale(double[] action) => [.. action.Select((value, index) =>
        (settings.ActionSpace.Low[index] + settings.ActionSpace.High[index] +
            (value * (settings.ActionSpace.High[index] - settings.ActionSpace.Low[index]))) / 2)];
}
