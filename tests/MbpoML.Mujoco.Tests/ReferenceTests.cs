using MbpoML.Environments;

namespace MbpoML.Mujoco.Tests;

/// <summary>The tasks give what the originals gave, row by row and over whole episodes.</summary>
[TestFixtureSource(typeof(MujocoTasks), nameof(MujocoTasks.Gym))]
public class ReferenceTests(MujocoTask task)
{
    /// <summary>The release that the reference was made with; with it, results are equal to the last bit.</summary>
    private const string ReferenceRelease = "2.2.2";

    // The rewards are the same sums in another order.
    private const double RewardTolerance = 1e-10;

    private static bool IsReferenceRelease => MujocoRuntime.Release == ReferenceRelease;

    private static string AnotherRelease => $"The library is MuJoCo {MujocoRuntime.Release}, whose rounding differs from {ReferenceRelease}'s.";

    [Test]
    public void Each_row_gives_the_state_and_the_reward_of_the_reference()
    {
        Assume.That(IsReferenceRelease, AnotherRelease);
        ForEachRow((row, result, observation, state) =>
        {
            var expected = row.Fresh;
            AssertClose(state.AsSpan(0, row.Positions.Length), expected.Positions, 1e-12, row, "positions");
            AssertClose(state.AsSpan(row.Positions.Length, row.Velocities.Length), expected.Velocities, 1e-10, row, "velocities");
            AssertClose(observation, expected.Observation, 1e-10, row, "observation");
            Assert.That(result.Reward, Is.EqualTo(expected.Reward).Within(RewardTolerance), $"reward of {Name(row)}");
            Assert.That(result.Terminated, Is.EqualTo(expected.Terminated), $"termination of {Name(row)}");
        });
    }

    // Contacts and the solver's last digits differ from release to release, most in the humanoid, whose solver stops before it has converged.
    [Test]
    public void With_any_release_most_rows_are_near_the_reference()
    {
        var differences = new List<double>();
        ForEachRow((row, _, _, state) => differences.Add(row.Fresh.Positions.Zip(state, (expected, actual) => Math.Abs(expected - actual)).Max()));
        differences.Sort();
        var (half, most) = (differences[differences.Count / 2], differences[differences.Count * 99 / 100]);
        TestContext.Out.WriteLine($"MuJoCo {MujocoRuntime.Release}, {task}: positions of half the rows within {half:g2}, of 99 % within {most:g2}");
        Assert.That(half, Is.LessThan(1e-4));
    }

    [Test]
    public void Whole_episodes_are_those_of_the_reference_bit_for_bit()
    {
        Assume.That(IsReferenceRelease, AnotherRelease);
        using var environment = task.Create();
        var observation = new double[task.ObservationSize];
        foreach (var row in ReferenceRow.Load(task))
        {
            if (row.Step == 0) environment.StartFrom(row.Positions, row.Velocities, observation);
            var result = environment.Step(row.Action, observation);
            var (expected, state) = (row.Continued, State(environment));
            AssertClose(state.AsSpan(0, row.Positions.Length), expected.Positions, 0, row, "positions");
            AssertClose(state.AsSpan(row.Positions.Length, row.Velocities.Length), expected.Velocities, 0, row, "velocities");
            // Another library's sine differs in the last bit.
            AssertClose(observation, expected.Observation, 1e-15, row, "observation");
            Assert.That(result.Reward, Is.EqualTo(expected.Reward).Within(RewardTolerance), $"reward of {Name(row)}");
            Assert.That(result.Terminated, Is.EqualTo(expected.Terminated), $"termination of {Name(row)}");
        }
    }

    // Each row by itself: from its positions and velocities alone.
    private void ForEachRow(Action<ReferenceRow, StepResult, double[], double[]> check)
    {
        using var environment = task.Create();
        var observation = new double[task.ObservationSize];
        foreach (var row in ReferenceRow.Load(task))
        {
            environment.StartFrom(row.Positions, row.Velocities, observation);
            check(row, environment.Step(row.Action, observation), observation, State(environment));
        }
    }

    private static double[] State(MujocoEnvironment environment)
    {
        var state = new double[environment.StateSize];
        environment.GetState(state);
        return state;
    }

    private static void AssertClose(ReadOnlySpan<double> actual, double[] expected, double tolerance, ReferenceRow row, string what)
    {
        for (var index = 0; index < expected.Length; index++)
            if (!(Math.Abs(actual[index] - expected[index]) <= tolerance * (1 + Math.Abs(expected[index]))))
                Assert.Fail($"{what}[{index}] of {Name(row)} is {actual[index]:r}, but {expected[index]:r} in the reference");
    }

    private static string Name(ReferenceRow row) => $"episode {row.Episode}, step {row.Step}";
}
