using System.Numerics.Tensors;

namespace MbpoML.Policies.TrustRegion;

/// <summary>The method of conjugate gradients for A·x = b with a symmetric positive definite A that is only known by its products.</summary>
internal static class ConjugateGradient
{
    // Of the length of b, so that units do not matter: what is left is rounding.
    private const double Tolerance = 1e-10;

    /// <summary>Solves A·x = b.</summary>
    /// <param name="product">Gives A·v; the vector is lent.</param>
    /// <param name="target">b</param>
    /// <param name="iterations">The most products, at least 1.</param>
    /// <returns>x, exact after as many iterations as A has different eigenvalues.</returns>
    public static double[] Solve(Func<double[], double[]> product, double[] target, int iterations)
    {
        var (solution, residual, direction) = (new double[target.Length], (double[])target.Clone(), (double[])target.Clone());
        var square = TensorPrimitives.Dot<double>(residual, residual);
        var smallest = Tolerance * square;
        for (var iteration = 0; iteration < iterations && square > smallest; iteration++)
        {
            var image = product(direction);
            var step = square / TensorPrimitives.Dot<double>(direction, image);
            if (!double.IsFinite(step)) break;
            TensorPrimitives.MultiplyAdd<double>(direction, step, solution, solution);
            TensorPrimitives.MultiplyAdd<double>(image, -step, residual, residual);
            var next = TensorPrimitives.Dot<double>(residual, residual);
            TensorPrimitives.MultiplyAdd<double>(direction, next / square, residual, direction);
            square = next;
        }

        return solution;
    }
}
