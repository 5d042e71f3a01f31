using MbpoML.Policies.TrustRegion;
using static TorchSharp.torch;

namespace MbpoML.Tests.Policies.TrustRegion;

public class ConjugateGradientTests
{
    [Test]
    public void The_solution_is_that_of_a_direct_solver()
    {
        using var scope = NewDisposeScope();
        var root = randn(8, 8, dtype: float64, generator: new Generator(1));
        var matrix = root.mm(root.t()) + (0.5 * eye(8, dtype: float64));
        var target = randn(8, dtype: float64, generator: new Generator(2));
        var expected = linalg.solve(matrix, target).data<double>().ToArray();
        double[] Product(double[] vector) => matrix.mv(tensor(vector)).data<double>().ToArray();
        var solution = ConjugateGradient.Solve(Product, target.data<double>().ToArray(), 30);
        Assert.That(solution, Is.EqualTo(expected).Within(1e-4));
        var early = ConjugateGradient.Solve(Product, target.data<double>().ToArray(), 2);
        Assert.That(early, Is.Not.EqualTo(expected).Within(1e-4), "two products are too few for eight eigenvalues");
    }

    [Test]
    public void Nothing_is_asked_of_a_target_of_zeros() =>
        Assert.That(ConjugateGradient.Solve(_ => throw new InvalidOperationException(), new double[3], 5), Is.EqualTo(new double[3]));
}
