using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>Ways to make a terminal value.</summary>
public static class TerminalValue
{
    /// <summary>From a function on tensors.</summary>
    /// <param name="value">Gives the values, float32 [batch], of observations [batch, observation].</param>
    public static ITerminalValue FromTensors(Func<Tensor, Tensor> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new TensorValue(value);
    }

    private sealed class TensorValue(Func<Tensor, Tensor> value) : ITerminalValue
    {
        public Tensor Evaluate(Tensor observation) => value(observation);
    }
}
