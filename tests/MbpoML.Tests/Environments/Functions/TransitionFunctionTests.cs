using MbpoML.Environments.Functions;
using TorchSharp;
using static TorchSharp.torch;

namespace MbpoML.Tests.Environments.Functions;

[Category("Text")]
public class TransitionFunctionTests
{
    private DisposeScope _scope = null!;
    private Tensor _rows = null!;

    [SetUp]
    public void OpenScope()
    {
        _scope = NewDisposeScope();
        using var generator = new Generator(3);
        _rows = randn([50, 8], generator: generator);
    }

    [TearDown]
    public void CloseScope()
    {
        _rows.Dispose();
        _scope.Dispose();
    }

    // Slices of one table, as rollouts give them: not contiguous.
    private (Tensor Observation, Tensor Action, Tensor Next) Batch => (_rows.narrow(1, 0, 3), _rows.narrow(1, 3, 2), _rows.narrow(1, 5, 3));

    [Test]
    public void Row_functions_equal_the_tensor_formula()
    {
        var (observation, action, next) = Batch;
        var terminated = TerminationFunction.FromRow((o, a, n) => o[0] + a[1] > n[2]).Evaluate(observation, action, next);
        var rewards = RewardFunction.FromRow((o, a, n) => (o[2] * a[0]) - n[1]).Evaluate(observation, action, next);
        var expectedTerminated = TerminationFunction.FromTensors((o, a, n) => (o.select(1, 0) + a.select(1, 1)).gt(n.select(1, 2)))
            .Evaluate(observation, action, next);
        var expectedRewards = RewardFunction.FromTensors((o, a, n) => (o.select(1, 2) * a.select(1, 0)) - n.select(1, 1)).Evaluate(observation, action, next);
        Assert.That(terminated.dtype, Is.EqualTo(ScalarType.Bool));
        Assert.That(terminated.data<bool>().ToArray(), Is.EqualTo(expectedTerminated.data<bool>().ToArray()));
        Assert.That(terminated.data<bool>().ToArray(), Does.Contain(true).And.Contain(false));
        Assert.That(rewards.data<float>().ToArray(), Is.EqualTo(expectedRewards.data<float>().ToArray()).Within(1e-6f));
    }

    [Test]
    public void Never_ends_nothing_and_an_empty_batch_gives_an_empty_result()
    {
        var (observation, action, next) = Batch;
        var never = TerminationFunction.Never.Evaluate(observation, action, next);
        Assert.That(never.data<bool>().ToArray(), Is.EqualTo(new bool[50]));
        var empty = _rows.narrow(0, 0, 0);
        Assert.That(TerminationFunction.FromRow((_, _, _) => true).Evaluate(empty.narrow(1, 0, 3), empty.narrow(1, 3, 2), empty.narrow(1, 5, 3)).shape,
            Is.EqualTo(new long[] { 0 }));
    }

    [Test]
    public void Rows_allocate_nothing()
    {
        var (observation, action, next) = Batch;
        var large = _rows.repeat(200, 1);
        var function = TerminationFunction.FromRow((o, _, n) => o[0] > n[0]);
        function.Evaluate(large.narrow(1, 0, 3), large.narrow(1, 3, 2), large.narrow(1, 5, 3));
        var small = Allocated(() => function.Evaluate(observation, action, next));
        var many = Allocated(() => function.Evaluate(large.narrow(1, 0, 3), large.narrow(1, 3, 2), large.narrow(1, 5, 3)));
        Assert.That(many - small, Is.LessThan(10_000), "10,000 rows cost no more managed memory than 50, up to the tensors' own objects");

        static long Allocated(Action action)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Test]
    public void Only_the_result_outlives_the_call()
    {
        var (observation, action, next) = Batch;
        var function = RewardFunction.FromTensors((o, a, n) => (o * 2).sum(1) + (n * 3).sum(1));
        var before = _scope.DisposablesCount;
        function.Evaluate(observation, action, next);
        Assert.That(_scope.DisposablesCount - before, Is.EqualTo(1));
    }

    [Test]
    public void Results_of_a_wrong_shape_or_type_are_refused()
    {
        var (observation, action, next) = Batch;
        Assert.That(
            () => TerminationFunction.FromTensors((o, _, _) => o.gt(0)).Evaluate(observation, action, next),
            Throws.InvalidOperationException.With.Message.Contains("termination function returned a Bool tensor [50, 3]")
                .And.Message.Contains("Bool tensor [50]"));
        Assert.That(
            () => TerminationFunction.FromTensors((o, _, _) => o.select(1, 0)).Evaluate(observation, action, next),
            Throws.InvalidOperationException.With.Message.Contains("returned a Float32 tensor [50]"));
        Assert.That(() => RewardFunction.FromTensors((_, _, _) => null!).Evaluate(observation, action, next),
            Throws.InvalidOperationException.With.Message.Contains("returned null"));
        Assert.That(
            () => RewardFunction.FromRow((o, _, _) => o[0] > 0 ? 1 : float.NaN).Evaluate(observation, action, next),
            Throws.InvalidOperationException.With.Message.Contains("returned NaN for row"));
    }

    [Test]
    public void Arguments_of_a_wrong_shape_or_type_are_refused()
    {
        var (observation, action, next) = Batch;
        var function = TerminationFunction.Never;
        Assert.That(() => function.Evaluate(observation.select(1, 0), action, next),
            Throws.ArgumentException.With.Message.Contains("observation is a Float32 tensor [50]"));
        Assert.That(() => function.Evaluate(observation, action.to(float64), next),
            Throws.ArgumentException.With.Message.Contains("action is a Float64 tensor"));
        Assert.That(() => function.Evaluate(observation, action.narrow(0, 0, 9), next), Throws.ArgumentException.With.Message.Contains("the actions [9, 2]"));
        Assert.That(() => TerminationFunction.FromRow(null!), Throws.ArgumentNullException);
    }
}
