using MbpoML.Mujoco;
using MbpoML.Numerics.Kernels;
using MbpoML.Tests.Numerics.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Numerics.Kernels;

/// <summary>Numbers that are given to native code are held until it has read them; see <c>ScalarArithmetic</c>.</summary>
public class ScalarUseTests
{
    [Test]
    public void No_code_of_the_library_gives_torch_a_number_that_nothing_holds()
    {
        var torch = CalledMethods.Of(typeof(torch).Assembly.Location);
        var forgetful = torch.Where(method => !method.Key.StartsWith("Scalar", StringComparison.Ordinal) && method.Any(MakesScalar))
            .Select(method => method.Key).ToHashSet();
        for (var known = 0; known < forgetful.Count;)
        {
            known = forgetful.Count;
            forgetful.UnionWith(torch.Where(method => method.Any(forgetful.Contains)).Select(method => method.Key));
        }

        Assert.That(forgetful, Has.Some.EqualTo("Tensor::op_Addition(Tensor, Tensor)"), "the code of TorchSharp is read");
        var library = new[] { typeof(ScalarArithmetic), typeof(MujocoTask) }.SelectMany(type => CalledMethods.Of(type.Assembly.Location)).ToList();
        // FlatAdam's step holds its two by 'using'.
        string[] careful = [$"{nameof(ScalarArithmetic)}::", $"{nameof(FlatAdam)}::StepByTensorOperations"];
        Assert.That(library.Where(method => method.Any(called => called.StartsWith("ScalarArithmetic::", StringComparison.Ordinal))), Is.Not.Empty,
            "and that of the library");
        Assert.That(
            library.SelectMany(method => method.Where(called => forgetful.Contains(called) || (MakesScalar(called) && !careful.Any(method.Key.StartsWith)))
                .Select(called => $"{method.Key} calls {called}")),
            Is.Empty);
    }

    [Test]
    public void The_operations_are_those_of_torch()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var (a, b) = (randn([50], generator: generator), randn([50], generator: generator));
        var high = (a * 40).to(ScalarType.Float64);
        Assert.Multiple(() =>
        {
            Same(a.Plus(b), a + b);
            Same(a.Plus(0.3), a + 0.3);
            Same(a.Plus(2), a + 2);
            Same(a.Times(0.3), a * 0.3);
            Same(a.Over(3), a / 3);
            Same(a.Squared(), a.square());
            Same(a.clone().AddInPlace(b, 0.25), a + (b * 0.25));
            Same(a.Above(0.1), a.gt(0.1));
            Same(a.AtLeast(0.1), a.ge(0.1));
            Same(a.Below(0.1), a.lt(0.1));
            Same(a.AtMost(0.1), a.le(0.1));
            Same(a.Clamped(-0.5, 0.5), a.clamp(-0.5, 0.5));
            Same(a.NotBelow(0.1), a.clamp_min(0.1));
            Same(a.Filled(a.gt(0), 7), a.masked_fill(a.gt(0), 7));
            Same(ScalarArithmetic.Numbers(3, 9, CPU).Remainder(4), arange(3, 9, ScalarType.Int64).remainder(4));
            Assert.That(high.Softplus().allclose(high.softplus(), 1e-7, 1e-8));
        });
    }

    private static bool MakesScalar(string method) =>
        method.StartsWith("Scalar::op_Implicit", StringComparison.Ordinal) || method.Contains("::ToScalar(", StringComparison.Ordinal);

    private static void Same(Tensor actual, Tensor expected) => Assert.That(actual.Equals(expected), $"{actual.str()} {expected.str()}");
}
