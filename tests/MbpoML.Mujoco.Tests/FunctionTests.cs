using MbpoML.Numerics.Random;
using static TorchSharp.torch;

namespace MbpoML.Mujoco.Tests;

/// <summary>The functions that imagined rollouts use agree with the environments.</summary>
public class FunctionTests
{
    private static IEnumerable<MujocoTask> Terminating => MujocoTasks.All.Where(task => task.Termination is not null);

    [TestCaseSource(nameof(Terminating))]
    public void Imagined_terminations_are_those_of_the_environment(MujocoTask task)
    {
        var rows = ReferenceRow.Load(task).Where(row => IsDecidable(task, row)).ToList();
        var terminated = Terminated(task, [.. rows.Select(row => row.Continued.Observation)]);
        Assert.That(terminated.Zip(rows).Where(pair => pair.First != pair.Second.Continued.Terminated)
            .Select(pair => $"episode {pair.Second.Episode}, step {pair.Second.Step}"), Is.Empty);
        Assert.That(terminated, Does.Contain(true).And.Contain(false));
        Assert.That(rows, Has.Count.GreaterThan(700));
    }

    [Test]
    public void Only_the_half_cheetah_never_falls() =>
        Assert.That(MujocoTasks.Gym.Where(task => task.Termination is null), Is.EqualTo(new[] { MujocoTasks.HalfCheetah }));

    // The official function takes the absolute value of "x < 100" rather than of x, so that -1000 passes.
    [TestCase(5, -1000f, true)]
    [TestCase(5, 1000f, true)]
    [TestCase(5, -99f, false)]
    [TestCase(2, -100f, true)]
    [TestCase(10, float.NaN, true)]
    [TestCase(10, float.NegativeInfinity, true)]
    [TestCase(0, 0.71f, false)]
    [TestCase(0, 0.69f, true)]
    [TestCase(1, 0.19f, false)]
    [TestCase(1, -0.21f, true)]
    public void The_hopper_has_fallen_when_any_value_is_far_out(int dimension, float value, bool expected) =>
        Assert.That(Terminated(MujocoTasks.Hopper, [Upright(11, dimension, value)]), Is.EqualTo(new[] { expected }));

    [TestCase("Walker2d", 0, 0.81f, false)]
    [TestCase("Walker2d", 0, 0.79f, true)]
    [TestCase("Walker2d", 0, 2.01f, true)]
    [TestCase("Walker2d", 1, -0.99f, false)]
    [TestCase("Walker2d", 1, -1.01f, true)]
    [TestCase("Ant", 0, 0.21f, false)]
    [TestCase("Ant", 0, 0.19f, true)]
    [TestCase("Ant", 0, 1.01f, true)]
    [TestCase("Ant", 20, float.PositiveInfinity, true)]
    [TestCase("Humanoid", 0, 1.01f, false)]
    [TestCase("Humanoid", 0, 0.99f, true)]
    [TestCase("Humanoid", 0, 2.01f, true)]
    [TestCase("InvertedPendulum", 1, -0.19f, false)]
    [TestCase("InvertedPendulum", 1, -0.21f, true)]
    [TestCase("InvertedPendulum", 3, float.NaN, true)]
    public void The_bounds_are_where_they_should_be(string name, int dimension, float value, bool expected)
    {
        var task = MujocoTasks.Named(name);
        Assert.That(Terminated(task, [Upright(task.ObservationSize, dimension, value)]), Is.EqualTo(new[] { expected }));
    }

    [TestCaseSource(nameof(Terminating))]
    public void An_observation_that_is_no_number_ends_every_task(MujocoTask task) =>
        Assert.That(Terminated(task, [Enumerable.Repeat(double.NaN, task.ObservationSize).ToArray()]), Is.EqualTo(new[] { true }));

    // mbpo/static/inverted_double_pendulum.py takes the angles by arctan2. A model's sines and cosines are not quite on the unit circle, and products of them
    // would tell another height.
    [TestCase(0.0067, 50)]
    [TestCase(0.02, 150)]
    public void Imagined_angles_of_the_double_pendulum_are_those_of_the_official_function(double noise, int least)
    {
        var random = new RandomSource(1);
        var (rows, expected, byProducts) = (new List<double[]>(), new List<bool>(), new List<bool>());
        while (rows.Count < 10_000)
        {
            var (first, second) = (random.NextUniform(-1.2, 1.2), random.NextUniform(-1.5, 1.5));
            var row = new double[11];
            (row[1], row[2], row[3], row[4]) = (Noisy(Math.Sin(first)), Noisy(Math.Sin(second)), Noisy(Math.Cos(first)), Noisy(Math.Cos(second)));
            var height = 0.6 * (row[3] + Math.Cos(Math.Atan2(row[1], row[3]) + Math.Atan2(row[2], row[4])));
            if (Math.Abs(height - 1) < 1e-5) continue;
            rows.Add(row);
            expected.Add(height <= 1);
            byProducts.Add(0.6 * (row[3] + (row[3] * row[4]) - (row[1] * row[2])) <= 1);
        }

        Assert.That(Terminated(MujocoTasks.InvertedDoublePendulum, [.. rows]), Is.EqualTo(expected));
        Assert.That(expected.Zip(byProducts).Count(pair => pair.First != pair.Second), Is.GreaterThan(least), "rows on which the two differ");
        Assert.That(expected.Count(isOver => isOver), Is.InRange(3000, 9000));

        double Noisy(double value) => (float)(value + (noise * random.NextNormal()));
    }

    [Test]
    public void The_known_reward_is_that_of_the_environment()
    {
        var known = MujocoTasks.Gym.Where(task => task.KnownReward is not null).ToList();
        Assert.That(known, Is.EqualTo(new[] { MujocoTasks.InvertedPendulum }));
        var rows = ReferenceRow.Load(known[0]);
        using var scope = NewDisposeScope();
        var next = Batch([.. rows.Select(row => row.Continued.Observation)]);
        var rewards = known[0].KnownReward!.Evaluate(next, Batch([.. rows.Select(row => row.Action)]), next).data<float>().ToArray();
        Assert.That(rewards, Is.EqualTo(rows.Select(row => (float)row.Continued.Reward)));
    }

    // What the observation does not hold: speeds beyond the clipping, and the tip's height between the integrator's last stage and the new state.
    private static bool IsDecidable(MujocoTask task, ReferenceRow row)
    {
        if (task == MujocoTasks.Hopper) return row.Continued.Velocities.All(velocity => Math.Abs(velocity) < 100);
        if (task != MujocoTasks.InvertedDoublePendulum) return true;
        var positions = row.Continued.Positions;
        var height = 0.6 * (Math.Cos(positions[1]) + Math.Cos(positions[1] + positions[2]));
        return Math.Abs(height - 1) > 0.05;
    }

    // High enough and level for every task.
    private static double[] Upright(int size, int dimension, float value)
    {
        var observation = new double[size];
        observation[0] = size == 27 ? 0.7 : 1.2;
        observation[dimension] = value;
        return observation;
    }

    private static bool[] Terminated(MujocoTask task, double[][] observations)
    {
        using var scope = NewDisposeScope();
        var next = Batch(observations);
        return task.Termination!.Evaluate(next, zeros(observations.Length, task.ActionSize), next).data<bool>().ToArray();
    }

    private static Tensor Batch(double[][] rows) => tensor(rows.SelectMany(row => row).Select(value => (float)value).ToArray(), [rows.Length, rows[0].Length]);
}
