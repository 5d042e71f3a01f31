namespace MbpoML.Mujoco.Tests;

/// <summary>The tasks give what the originals gave, row by row and over whole episodes.</summary>
[TestFixtureSource(typeof(MujocoTasks), nameof(MujocoTasks.All))]
public class ReferenceTests(MujocoTask task)
{
    /// <summary>The release that the reference was made with; with it, results are equal to the last bit.</summary>
    private const string ReferenceRelease = "2.2.2";

    // The rewards are the same sums in another order.
    private const double RewardTolerance = 1e-10;

    private static bool IsReferenceRelease => MujocoRuntime.Release == ReferenceRelease;

    [Test]
    public void Each_row_gives_the_state_and_the_reward_of_the_reference()
    {
        using var environment = task.Create();
        var observation = new double[task.ObservationSize];
        foreach (var row in ReferenceRow.Load(task))
        {
            environment.StartFrom(row.Positions, row.Velocities, observation);
            var result = environment.Step(row.Action, observation);
            var (expected, state) = (row.Fresh, State(environment));
            AssertClose(state.AsSpan(0, row.Positions.Length), expected.Positions, 1e-12, row, "positions");
            AssertClose(state.AsSpan(row.Positions.Length, row.Velocities.Length), expected.Velocities, 1e-10, row, "velocities");
            AssertClose(observation, expected.Observation, 1e-10, row, "observation");
            Assert.That(result.Reward, Is.EqualTo(expected.Reward).Within(RewardTolerance), $"reward of {Name(row)}");
            Assert.That(result.Terminated, Is.EqualTo(expected.Terminated), $"termination of {Name(row)}");
        }
    }

    [Test]
    public void Whole_episodes_are_those_of_the_reference_bit_for_bit()
    {
        Assume.That(IsReferenceRelease, $"The library is MuJoCo {MujocoRuntime.Release}, whose rounding differs from {ReferenceRelease}'s.");
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
