namespace MbpoML.Datasets.Arrays;

/// <summary>What the arrays of a flat log are called in a format: one row a step, episode after episode.</summary>
/// <param name="Kind">The format, as a message calls it.</param>
/// <param name="Observation">[rows, observation]</param>
/// <param name="Action">[rows, action]</param>
/// <param name="Reward">[rows]</param>
/// <param name="Next">[rows, observation]; optional.</param>
/// <param name="Terminated">[rows], the task is over.</param>
/// <param name="Truncated">[rows], only the clock ended the episode; optional.</param>
internal sealed record FlatNames(string Kind, string Observation, string Action, string Reward, string Next, string Terminated, string Truncated)
{
    /// <summary>D4RL's HDF5 files.</summary>
    public static FlatNames D4rl { get; } = new("a D4RL file", "observations", "actions", "rewards", "next_observations", "terminals", "timeouts");

    /// <summary>NeoRL's npz files.</summary>
    public static FlatNames Neorl { get; } = new("a NeoRL file", "obs", "action", "reward", "next_obs", "done", "truncated");
}
