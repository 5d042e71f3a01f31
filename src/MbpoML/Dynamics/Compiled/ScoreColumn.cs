namespace MbpoML.Dynamics.Compiled;

/// <summary>What a fitted regression predicts from a column of features.</summary>
internal sealed class ScoreColumn(BlockColumn features, FittedRegression regression) : BlockColumn(1)
{
    public override IEnumerable<BlockColumn> Sources { get; } = [features];

    protected override void Fill(int start, int rows) => regression.Predict(features, rows, Values);
}
