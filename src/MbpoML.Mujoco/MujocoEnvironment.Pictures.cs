using MbpoML.Environments.Drawing;

namespace MbpoML.Mujoco;

/// <content>Drawn by MuJoCo's renderer, so that it can be observed as a picture.</content>
public abstract partial class MujocoEnvironment
{
    private MujocoCamera? _camera;
    private MujocoRenderer? _painter;
    private byte[] _rgb = [];

    /// <summary>Where pictures are taken from. Default: null, as is best for the task.</summary>
    /// <exception cref="ArgumentException">The model has no such camera or body.</exception>
    public MujocoCamera? Camera
    {
        get => _camera;
        set
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            value?.ViewOf(Model);
            _camera = value;
            ForgetPainter();
        }
    }

    /// <summary>Draws the environment by MuJoCo's renderer, without a display.</summary>
    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The canvas has fewer than 16 or more than 4096 rows or columns.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no graphics library; the message says what to install.</exception>
    /// <exception cref="MujocoException">MuJoCo cannot draw the model.</exception>
    public void Draw(Canvas canvas)
    {
        ArgumentNullException.ThrowIfNull(canvas);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var shape = canvas.Shape;
        if (_painter is null || (_painter.Width, _painter.Height) != (shape.Width, shape.Height))
        {
            ForgetPainter();
            _painter = CreateRenderer(shape.Width, shape.Height);
            _rgb = new byte[3 * shape.Width * shape.Height];
        }

        _painter.Render(_rgb);
        canvas.DrawPicture(_rgb);
    }

    private void ForgetPainter()
    {
        _painter?.Dispose();
        _painter = null;
    }
}
