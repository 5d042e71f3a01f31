using static TorchSharp.torch;

namespace MbpoML.Acting;

/// <summary>A policy at work in some episodes side by side: what it remembers from step to step lives here, and never beyond an episode.</summary>
/// <remarks>
/// A planner keeps its plan here, a recurrent policy its belief. One that remembers and is a <see cref="Saving.ISaved"/> goes on in the middle of an episode
/// when a run is resumed.
/// </remarks>
public interface IActor : IDisposable
{
    /// <summary>New episodes begin: what was remembered is forgotten.</summary>
    /// <param name="rows">The number of episodes, one a row.</param>
    void Begin(int rows);

    /// <summary>Chooses the next action of each episode.</summary>
    /// <param name="observation">The observations, float32 [rows, observation], in the environment's units.</param>
    /// <param name="generator">Draws the actions; null for the most likely ones.</param>
    /// <returns>[rows, action], environment units, on the observations' device; the caller disposes it.</returns>
    Tensor Act(Tensor observation, Generator? generator);

    /// <summary>Some episodes are over; the rows that go on move up. By default nothing is remembered that would have to move.</summary>
    /// <param name="rows">The numbers of the rows that go on, ascending, int64 [rows left].</param>
    void Keep(Tensor rows)
    {
    }

    /// <summary>Chooses the next action of a single episode, from and to the doubles of an environment. By default by way of tensors.</summary>
    /// <param name="observation">The observation, [observation], in the environment's units.</param>
    /// <param name="action">Receives the action, [action], in the environment's units.</param>
    /// <param name="generator">Draws the action; null for the most likely one.</param>
    /// <exception cref="InvalidOperationException">The policy gave something else than one action.</exception>
    void Act(ReadOnlySpan<double> observation, Span<double> action, Generator? generator)
    {
        var values = new float[observation.Length];
        for (var index = 0; index < values.Length; index++) values[index] = (float)observation[index];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var output = Act(tensor(values).unsqueeze(0), generator)?.cpu();
        if (output is null || output.dim() != 2 || output.size(0) != 1 || output.size(1) != action.Length || output.dtype != ScalarType.Float32)
            throw new InvalidOperationException(
                $"{this} gave {(output is null ? "null" : $"{output.dtype} [{string.Join(", ", output.shape)}]")} as the action of one observation, but " +
                    $"must give Float32 [1, {action.Length}].");
        var chosen = output.data<float>();
        for (var index = 0; index < action.Length; index++) action[index] = chosen[index];
    }
}
