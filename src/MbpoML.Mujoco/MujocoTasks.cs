using MbpoML.Environments.Functions;
using MbpoML.Mujoco.Tasks;

namespace MbpoML.Mujoco;

/// <summary>The tasks of gym on which MBPO is measured, those of PETS, one of MBBL, and one of dm_control that is learned from pictures.</summary>
public static class MujocoTasks
{
    /// <summary>Balance a pole on a cart: 4 observations, 1 action; 1 a step until the pole leans more than 0.2 rad.</summary>
    public static MujocoTask InvertedPendulum { get; } = new("InvertedPendulum", 4, 1, (task, model) => new InvertedPendulumEnvironment(task, model))
    {
        Termination = InvertedPendulumEnvironment.Fallen,
        KnownReward = InvertedPendulumEnvironment.Alive,
    };

    /// <summary>Balance two poles, one on the other, on a cart: 11 observations, 1 action.</summary>
    public static MujocoTask InvertedDoublePendulum { get; } = new(
        "InvertedDoublePendulum", 11, 1, (task, model) => new InvertedDoublePendulumEnvironment(task, model))
    {
        // MuJoCo gives the tip's height at the integrator's last stage, the observation at the new state: the two differ by a fraction of a step.
        Termination = TerminationFunction.Approximate(InvertedDoublePendulumEnvironment.Fallen),
    };

    /// <summary>Hop forward on one leg: 11 observations, 3 actions.</summary>
    public static MujocoTask Hopper { get; } = new("Hopper", 11, 3, (task, model) => new HopperEnvironment(task, model))
    {
        Termination = HopperEnvironment.Fallen,
    };

    /// <summary>Walk forward on two legs: 17 observations, 6 actions.</summary>
    public static MujocoTask Walker2d { get; } = new("Walker2d", 17, 6, (task, model) => new Walker2dEnvironment(task, model))
    {
        Termination = Walker2dEnvironment.Fallen,
    };

    /// <summary>Run forward as half a cheetah, which never falls: 17 observations, 6 actions.</summary>
    public static MujocoTask HalfCheetah { get; } = new("HalfCheetah", 17, 6, (task, model) => new HalfCheetahEnvironment(task, model));

    /// <summary>Walk forward on four legs: MBPO's 27 observations without contact forces, 8 actions.</summary>
    public static MujocoTask Ant { get; } = new("Ant", 27, 8, (task, model) => new AntEnvironment(task, model))
    {
        Termination = AntEnvironment.Fallen,
    };

    /// <summary>Walk forward upright: MBPO's 45 observations, positions and velocities only, 17 actions.</summary>
    public static MujocoTask Humanoid { get; } = new("Humanoid", 45, 17, (task, model) => new HumanoidEnvironment(task, model))
    {
        Termination = HumanoidEnvironment.Fallen,
    };

    /// <summary>The cart-pole of PETS: swing the pole up with a known reward; 5 observations, 1 action, 200 steps.</summary>
    public static MujocoTask MbrlCartPole { get; } = new("MbrlCartPole", 5, 1, (task, model) => new MbrlCartPoleEnvironment(task, model))
    {
        KnownReward = MbrlCartPoleEnvironment.KnownReward,
    };

    /// <summary>HalfCheetah as PETS has it, with its speed in front and a known reward: 18 observations, 6 actions.</summary>
    public static MujocoTask MbrlHalfCheetah { get; } = new(
        "MbrlHalfCheetah", 18, 6, (task, model) => new MbrlHalfCheetahEnvironment(task, model), model: "HalfCheetah")
    {
        KnownReward = MbrlHalfCheetahEnvironment.KnownReward,
    };

    /// <summary>The swimmer of MBBL: swim forward with a known reward; 9 observations, 2 actions.</summary>
    public static MujocoTask MbrlSwimmer { get; } = new("MbrlSwimmer", 9, 2, (task, model) => new MbrlSwimmerEnvironment(task, model))
    {
        KnownReward = MbrlSwimmerEnvironment.KnownReward,
    };

    /// <summary>HalfCheetah as MBBL has it, paid for its speed before the step, so that the reward is known: 17 observations, 6 actions.</summary>
    public static MujocoTask MbblHalfCheetah { get; } = new(
        "MbblHalfCheetah", 17, 6, (task, model) => new MbblHalfCheetahEnvironment(task, model), model: "HalfCheetah")
    {
        KnownReward = MbblHalfCheetahEnvironment.KnownReward,
    };

    /// <summary>The cart-pole swing-up of dm_control: 5 observations, 1 action, 1000 steps of 0.01 s.</summary>
    public static MujocoTask DmcCartPoleSwingUp { get; } = new(
        "DmcCartPoleSwingUp", 5, 1, (task, model) => new DmcCartPoleSwingUpEnvironment(task, model))
    {
        KnownReward = DmcCartPoleSwingUpEnvironment.KnownReward,
    };

    /// <summary>The six tasks of MBPO's paper, and InvertedDoublePendulum, which the official code has settings for, too: the simplest first.</summary>
    public static IReadOnlyList<MujocoTask> Gym { get; } = [InvertedPendulum, InvertedDoublePendulum, Hopper, Walker2d, HalfCheetah, Ant, Humanoid];

    /// <summary>All tasks: those of gym, of PETS, of MBBL, and of dm_control.</summary>
    public static IReadOnlyList<MujocoTask> All { get; } = [.. Gym, MbrlCartPole, MbrlHalfCheetah, MbrlSwimmer, MbblHalfCheetah, DmcCartPoleSwingUp];

    /// <summary>The task of a name, in upper or lower case.</summary>
    /// <param name="name">The name of a task in <see cref="All"/>, in upper or lower case.</param>
    /// <exception cref="ArgumentException">There is none of that name; the message lists those there are.</exception>
    public static MujocoTask Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return All.FirstOrDefault(task => task.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no MuJoCo task '{name}'. There are: {string.Join(", ", All)}.", nameof(name));
    }
}
