using MbpoML.Numerics;

namespace MbpoML.Policies.Fused;

/// <summary>A block of the actor's rows: views that share the memory of the whole.</summary>
/// <param name="Start">Where the block begins.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Observation">[rows, observation]</param>
/// <param name="Input">[rows, observation + action]: where the drawn actions go.</param>
/// <param name="Hidden">Of the hidden layers.</param>
/// <param name="Output">[rows, 2·action], without the biases.</param>
/// <param name="OutputDelta">The derivative of the loss by the output.</param>
internal sealed record ActorBlock(int Start, int Rows, Matrix Observation, Matrix Input, Activations Hidden, Matrix Output, Matrix OutputDelta);
