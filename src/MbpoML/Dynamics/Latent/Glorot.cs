namespace MbpoML.Dynamics.Latent;

/// <summary>First weights that keep the size of what passes a layer, forward and backward (X. Glorot and Y. Bengio, AISTATS 2010).</summary>
internal static class Glorot
{
    /// <summary>Weights are uniform within ±√(6 / (in + out)).</summary>
    /// <param name="inputs">Numbers that each output sums.</param>
    /// <param name="outputs">Numbers that each input goes into.</param>
    public static double Bound(int inputs, int outputs) => Math.Sqrt(6.0 / (inputs + outputs));
}
