using MbpoML.Environments;
using MbpoML.Environments.Tasks;
using MbpoML.Environments.Wrappers;

namespace MbpoML.Tests.Environments.Tasks;

public class LineEnvironmentTests
{
    // By hand: v 0.5, p 1.5; v -0.5, p 1; v -1.5, p -0.5; v -1.5, p -2.
    [Test]
    public void A_push_changes_the_speed_and_the_speed_the_place()
    {
        using var line = new LineEnvironment();
        var (observation, seen) = (new double[2], new List<(double, double, double)>());
        line.Reset(5, observation);
        Assert.That(observation, Is.EqualTo(new[] { 1.0, 0 }));
        foreach (var push in new[] { 0.5, -1, -1, 0 })
        {
            var reward = line.Step([push], observation).Reward;
            seen.Add((observation[0], observation[1], reward));
        }

        var expected = new[] { (1.5, 0.5, -0.00225), (1, -0.5, -0.001), (-0.5, -1.5, -0.00025), (-2, -1.5, -0.004) };
        Assert.That(seen, Is.EqualTo(expected).Using<(double A, double B, double C)>((a, b) =>
            Math.Abs(a.A - b.A) + Math.Abs(a.B - b.B) + Math.Abs(a.C - b.C) < 1e-15));
    }

    [Test]
    public void Doing_nothing_for_thirty_steps_costs_three_hundredths()
    {
        using var line = new LineEnvironment(knownReward: true).WithChecks();
        var (observation, total, steps) = (new double[2], 0.0, 0);
        line.Reset(0, observation);
        for (var result = default(StepResult); !result.Truncated; steps++) total += (result = line.Step([0], observation)).Reward;
        Assert.That((steps, total), Is.EqualTo((30, -0.03)).Using<(int, double)>((a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-12));
    }
}
