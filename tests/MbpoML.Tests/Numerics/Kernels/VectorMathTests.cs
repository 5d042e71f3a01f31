using System.Numerics;
using MbpoML.Numerics.Kernels;

namespace MbpoML.Tests.Numerics.Kernels;

/// <summary>Vector functions against the same functions in double precision.</summary>
public class VectorMathTests
{
    private static readonly float[] Points =
        [.. Enumerable.Range(-8600, 17201).Select(index => index / 100f), .. Enumerable.Range(-1000, 2001).Select(index => index * 1e-6f), float.Epsilon];

    [Test]
    public void Exp_is_accurate_to_the_last_places() => AssertEqual(VectorMath.Exp, Math.Exp, 3e-7);

    [Test]
    public void Sigmoid_is_accurate_to_the_last_places() => AssertEqual(VectorMath.Sigmoid, value => 1 / (1 + Math.Exp(-value)), 4e-7);

    [Test]
    public void Softplus_and_its_derivative_are_accurate_to_the_last_places()
    {
        AssertEqual(value => VectorMath.Softplus(value).Value, value => Math.Max(value, 0) + double.LogP1(Math.Exp(-Math.Abs(value))), 1e-6, absolute: 1e-7);
        AssertEqual(value => VectorMath.Softplus(value).Derivative, value => 1 / (1 + Math.Exp(-value)), 4e-7);
    }

    [Test]
    public void Tanh_is_accurate_to_the_last_places() => AssertEqual(VectorMath.Tanh, Math.Tanh, 3e-7);

    [TestCase(float.NegativeInfinity, -1)]
    [TestCase(-1000, -1)]
    [TestCase(0, 0)]
    [TestCase(1000, 1)]
    [TestCase(float.PositiveInfinity, 1)]
    public void Tanh_saturates(float value, double expected) => Assert.That(VectorMath.Tanh(new(value))[0], Is.EqualTo(expected));

    [TestCase(float.NegativeInfinity, 0)]
    [TestCase(-1000, 0)]
    [TestCase(0, 0.5)]
    [TestCase(1000, 1)]
    [TestCase(float.PositiveInfinity, 1)]
    public void Sigmoid_saturates(float value, double expected) => Assert.That(VectorMath.Sigmoid(new(value))[0], Is.EqualTo(expected).Within(1e-37));

    [Test]
    public void What_is_not_a_number_stays_so()
    {
        Assert.That(VectorMath.Exp(new(float.NaN))[0], Is.NaN);
        Assert.That(VectorMath.Sigmoid(new(float.NaN))[0], Is.NaN);
        Assert.That(VectorMath.Tanh(new(float.NaN))[0], Is.NaN);
    }

    private static void AssertEqual(Func<Vector<float>, Vector<float>> actual, Func<double, double> expected, double relative, double absolute = 0)
    {
        var worst = Points.Max(point => Math.Abs(actual(new(point))[0] - expected(point)) / ((relative * Math.Abs(expected(point))) + absolute));
        Assert.That(worst, Is.LessThan(1));
    }
}
