using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>What a state is worth at the end of a planner's horizon, such as the critics of a trained policy say. See <see cref="TerminalValue"/>.</summary>
public interface ITerminalValue
{
    /// <summary>The value of each state.</summary>
    /// <param name="observation">The observations, [batch, observation], in the environment's units; only lent.</param>
    /// <returns>float32 [batch], on the observations' device; the caller disposes it.</returns>
    Tensor Evaluate(Tensor observation);
}
